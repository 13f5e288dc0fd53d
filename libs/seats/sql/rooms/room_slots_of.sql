-- Returns the room slots of a Café. Each has the capacity and the taken seats of its room in that period, the Cafés that share it (without
-- drafts, which have no seats), and the sum of the versions of these Cafés.
create or replace function room_slots_of(p_cafe_id uuid)
returns table (starts_at timestamptz, capacity integer, taken integer, version bigint, cafe_ids uuid[]) language sql stable as $$
  select p.starts_at, p.capacity, p.taken, sum(s.version)::bigint, array_agg(o.id order by o.id)
  from cafe c
  join room_slot p on p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  join cafe o on o.room_id = p.room_id and o.starts_at <= p.starts_at and o.ends_at >= p.ends_at
  join cafe_seats s on s.cafe_id = o.id and s.state <> 'draft'
  where c.id = p_cafe_id
  group by p.starts_at, p.capacity, p.taken
$$;
