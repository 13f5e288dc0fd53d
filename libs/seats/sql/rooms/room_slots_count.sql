-- Adds a number of taken seats to the room slots of these Cafés.
create or replace function room_slots_count(p_cafe_ids uuid[], p_seats integer[]) returns void language sql
set enable_nestloop = on
as $$
  update room_slot p set taken = p.taken + n.seats
  from (
    select q.room_id, q.starts_at, sum(k.seats)::integer as seats
    from unnest(p_cafe_ids, p_seats) as k (cafe_id, seats)
    join cafe c on c.id = k.cafe_id
    join room_slot q on q.room_id = c.room_id and q.starts_at >= c.starts_at and q.ends_at <= c.ends_at
    group by q.room_id, q.starts_at
  ) n
  where p.room_id = n.room_id and p.starts_at = n.starts_at
$$;
