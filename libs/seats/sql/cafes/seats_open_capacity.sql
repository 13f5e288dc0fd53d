-- Returns the number of seats of all open Cafés, of one event or (null) of all events.
create or replace function seats_open_capacity(p_event_id uuid) returns bigint language sql stable as $$
  select coalesce(sum(s.capacity), 0) from cafe_seats s join cafe c on c.id = s.cafe_id
  where s.state = 'open' and (p_event_id is null or c.event_id = p_event_id)
$$;
