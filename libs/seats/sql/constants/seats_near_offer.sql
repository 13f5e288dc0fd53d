-- How long an offer in a near Café stands.
create or replace function seats_near_offer() returns interval language sql immutable as $$ select interval '10 minutes' $$;
