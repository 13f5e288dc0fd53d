-- Returns the time for the seat engine: that of the database. Tests replace this function.
create or replace function seats_now() returns timestamptz language sql stable as $$ select now() $$;
