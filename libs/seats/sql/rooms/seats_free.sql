-- Returns how many seats of a Café can be given now: the free seats of the Café, and no more than the free seats of its room in any of its
-- periods.
create or replace function seats_free(p_cafe_id uuid) returns integer language sql as $$
  select least(s.capacity - s.taken, (
    select min(p.capacity - p.taken) from room_slot p
    where s.pooled and p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  ))
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = p_cafe_id
$$;
