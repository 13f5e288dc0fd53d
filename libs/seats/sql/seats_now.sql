-- The clock of the seat engine: the database's clock. Tests replace it.
create or replace function seats_now() returns timestamptz language sql stable as $$ select now() $$;
