-- The validity of an offer in a Café that starts soon (seats_near_start).
create or replace function seats_near_offer() returns interval language sql immutable as $$ select interval '10 minutes' $$;
