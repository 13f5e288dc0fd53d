-- Turns the oldest `p_batches_max` rows of outbox_batch into rows of `outbox`. Returns the number of messages. Safe to call from any
-- number of processes.
create or replace function outbox_open(p_batches_max integer) returns integer language sql as $$
  with opened as (
    delete from outbox_batch b
    where b.id = any (array(select o.id from outbox_batch o order by o.id limit p_batches_max for update skip locked))
    returning b.*
  ),
  made as (
    insert into outbox (id, kind, attendee_id, registration_id, challenge_id, event_id, created_at)
    select m.registration_id, b.kind, m.attendee_id, m.registration_id, m.challenge_id, b.event_id, b.created_at
    from opened b
    cross join lateral unnest(b.registration_ids, b.attendee_ids, b.challenge_ids) as m (registration_id, attendee_id, challenge_id)
    returning id
  )
  select count(*)::integer from made
$$;
