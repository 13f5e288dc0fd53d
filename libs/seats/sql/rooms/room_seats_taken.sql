-- Returns the largest number of seats that all Cafés of a room take at the same time. Called by libs/programme, which lowers the capacity
-- of rooms.
create or replace function room_seats_taken(p_room_id uuid) returns integer language sql stable as $$
  select coalesce(max(t.taken), 0)::integer
  from cafe c
  cross join lateral (
    select sum(s.taken) as taken
    from cafe o join cafe_seats s on s.cafe_id = o.id
    where o.room_id = p_room_id and o.starts_at <= c.starts_at and o.ends_at > c.starts_at
  ) t
  where c.room_id = p_room_id
$$;
