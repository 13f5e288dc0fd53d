-- The class of the advisory locks of workers. Each worker holds one with its number in a session of its own, which ends with its process.
create or replace function outbox_worker_lock() returns integer language sql immutable as $$ select 7212025 $$;
