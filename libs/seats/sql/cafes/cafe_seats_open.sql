-- Inserts the counts of a new Café. Called by libs/programme.
create or replace function cafe_seats_open(p_cafe_id uuid, p_capacity integer, p_state cafe_state, p_waitlist_open boolean)
returns void language sql as $$
  insert into cafe_seats (cafe_id, event_id, capacity, state, waitlist_open)
  select c.id, c.event_id, p_capacity, p_state, p_waitlist_open from cafe c where c.id = p_cafe_id
$$;
