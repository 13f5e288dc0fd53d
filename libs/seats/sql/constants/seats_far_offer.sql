-- The longest validity of an offer in a Café that is not near.
create or replace function seats_far_offer() returns interval language sql immutable as $$ select interval '4 hours' $$;
