-- How long an offer in a Café that is not near stands, at most.
create or replace function seats_far_offer() returns interval language sql immutable as $$ select interval '4 hours' $$;
