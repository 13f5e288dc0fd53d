-- Retention of the outbox: deletes messages, with their deliveries, that were done 90 days ago or earlier, `p_max` at most. Returns how
-- many. Ids are UUIDv7, so the primary key finds the old ones. A message that is not done is never deleted.
create or replace function outbox_forget(p_max integer) returns integer language sql as $$
  with forgotten as (
    delete from outbox where id = any (array(
      select o.id from outbox o
      where o.id < uuidv7(interval '-90 days') and o.done_at < now() - interval '90 days'
      order by o.id limit p_max for update skip locked
    ))
    returning id
  )
  select count(*)::integer from forgotten
$$;
