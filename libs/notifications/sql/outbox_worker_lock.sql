-- The class of the advisory locks of workers. Each worker holds the lock with its number in its own session, which ends with its process.
create or replace function outbox_worker_lock() returns integer language sql immutable as $$ select 7212025 $$;
