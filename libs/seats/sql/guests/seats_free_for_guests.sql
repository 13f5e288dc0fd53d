-- Returns how many seats of a Café can be held for guests now: the free seats, within the share of guests (event.unproved_share_percent).
create or replace function seats_free_for_guests(p_cafe_id uuid) returns integer language sql as $$
  select least(seats_free(p_cafe_id), ceil(s.capacity * e.unproved_share_percent / 100.0)::integer - s.unproved)
  from cafe_seats s join cafe c on c.id = s.cafe_id join event e on e.id = c.event_id where s.cafe_id = p_cafe_id
$$;
