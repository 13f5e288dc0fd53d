-- The most open guest registrations that one delegate may have in one event.
create or replace function delegate_guests_max() returns integer language sql immutable as $$ select 20 $$;
