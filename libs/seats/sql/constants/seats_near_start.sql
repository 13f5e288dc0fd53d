-- A Café that starts within this time is near: a freed seat is offered instead of given, because its attendee may not come any more.
create or replace function seats_near_start() returns interval language sql immutable as $$ select interval '2 hours' $$;
