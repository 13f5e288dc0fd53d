-- A Café that starts within this time is near. A freed seat is then offered and not given, because the next attendee may not come any more.
create or replace function seats_near_start() returns interval language sql immutable as $$ select interval '2 hours' $$;
