-- The validity of an offer in a near Café.
create or replace function seats_near_offer() returns interval language sql immutable as $$ select interval '10 minutes' $$;
