-- Returns the positions of the claims that can get a seat now: for each Café its first claims, up to its free seats; for Cafés that share a
-- room also at each time the first claims, up to the free seats of the room. A claim on a Café counts in all periods of the Café, also when
-- it fails in one of them. The caller then calls this function again. The first claim of all always gets a seat.
create or replace function seats_to_give(p_cafe_ids uuid[], p_places integer[]) returns integer[] language sql
set enable_nestloop = on
as $$
  with ranked as (
    select o.place, c.id as cafe_id, c.room_id, c.starts_at, c.ends_at, s.pooled, s.capacity - s.taken as free,
      row_number() over (partition by s.cafe_id order by o.place) as rank
    from unnest(p_places) as o (place)
    join cafe_seats s on s.cafe_id = p_cafe_ids[o.place] join cafe c on c.id = s.cafe_id
  ),
  fits_cafe as (select r.* from ranked r where r.rank <= r.free and (not r.pooled or seats_free(r.cafe_id) > 0)),
  at_times as (
    select r.place, p.capacity - p.taken as free, row_number() over (partition by p.room_id, p.starts_at order by r.place) as rank
    from fits_cafe r join room_slot p on p.room_id = r.room_id and p.starts_at >= r.starts_at and p.ends_at <= r.ends_at
  )
  select array_agg(r.place order by r.place) from fits_cafe r
  where not exists (select from at_times t where t.place = r.place and t.rank > t.free)
$$;
