-- Returns the counts of the Cafés of an event. With `p_lock`, locks them until the end of the transaction, in the order of
-- seats_lock_around. `capacity` is the target capacity when the Café has one. Called by libs/programme, which compares the counts with a
-- file.
create or replace function cafe_seats_of_event(p_event_id uuid, p_lock boolean)
returns table (cafe_id uuid, capacity integer, state cafe_state, waitlist_open boolean, taken integer, waitlisted integer)
language plpgsql as $$
begin
  if p_lock then
    perform 1 from cafe_seats s
    where s.cafe_id in (select c.id from cafe c where c.event_id = p_event_id) order by s.cafe_id for update;
  end if;
  return query
    select s.cafe_id, coalesce(s.target_capacity, s.capacity), s.state, s.waitlist_open, s.taken, s.waitlisted
    from cafe c join cafe_seats s on s.cafe_id = c.id where c.event_id = p_event_id;
end
$$;
