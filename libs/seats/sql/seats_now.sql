-- The clock of the engine: the database's, and no other.
create or replace function seats_now() returns timestamptz language sql stable as $$ select now() $$;
