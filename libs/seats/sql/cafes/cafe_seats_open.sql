-- The counter row of a new Café.
create or replace function cafe_seats_open(cafe_id uuid, capacity integer, state cafe_state, waitlist_open boolean)
returns void language sql as $$
  insert into cafe_seats (cafe_id, capacity, state, waitlist_open) values ($1, $2, $3, $4)
$$;
