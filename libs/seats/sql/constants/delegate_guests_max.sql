-- The most guest registrations of one event that one delegate may have open at a time.
create or replace function delegate_guests_max() returns integer language sql immutable as $$ select 20 $$;
