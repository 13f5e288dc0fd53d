-- Whether the worker with this number runs: it holds the advisory lock of outbox_worker_lock.
create or replace function outbox_worker_is_there(p_worker integer) returns boolean language sql stable as $$
  select exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.classid = outbox_worker_lock()::oid and l.objid = p_worker::oid and l.objsubid = 2
  )
$$;
