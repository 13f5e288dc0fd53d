-- Make rows of `outbox` of the oldest batches, as many as given. Returns how many messages there were. Any number may do so at once.
create or replace function outbox_open(batches_max integer) returns integer language sql as $$
  with opened as (
    delete from outbox_batch b
    where b.id = any (array(select o.id from outbox_batch o order by o.id limit batches_max for update skip locked))
    returning b.*
  ),
  owed as (
    insert into outbox (id, kind, attendee_id, registration_id, challenge_id, created_at)
    select m.registration_id, b.kind, m.attendee_id, m.registration_id, m.challenge_id, b.created_at
    from opened b
    cross join lateral unnest(b.registration_ids, b.attendee_ids, b.challenge_ids) as m (registration_id, attendee_id, challenge_id)
    returning id
  )
  select count(*)::integer from owed
$$;
