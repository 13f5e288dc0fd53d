-- Whether a Café has active registrations. Locks it until the end of the transaction. Called by libs/programme before it moves a Café.
create or replace function cafe_seats_taken(p_cafe_id uuid) returns boolean language sql as $$
  select s.taken + s.waitlisted > 0 from cafe_seats s where s.cafe_id = p_cafe_id for update
$$;
