-- The Cafés of a room with more seats than this, and how many, cancelled ones left out. Called by libs/programme.
create or replace function cafes_above_capacity(p_room_id uuid, p_capacity integer)
returns table (cafe_id uuid, capacity integer) language sql stable as $$
  select s.cafe_id, s.capacity from cafe c join cafe_seats s on s.cafe_id = c.id
  where c.room_id = p_room_id and s.capacity > p_capacity and s.state <> 'cancelled' order by s.capacity desc, s.cafe_id
$$;
