-- The longest validity of an offer in a Café that does not start soon (seats_near_start).
create or replace function seats_far_offer() returns interval language sql immutable as $$ select interval '4 hours' $$;
