-- Every worker holds this advisory lock, with its number, in a session of its own; a session ends with its process.
create or replace function outbox_worker_lock() returns integer language sql immutable as $$ select 7212025 $$;
