-- Of these claims, those that can be given a seat now: the first of each Café for its own seats, and of those whose Café shares its room
-- the first at each time for the room's. A claim counts at a time although it may fail at another; it then
-- comes round again, and the first of all can always be given one.
create or replace function seats_to_give(claimed_cafe_ids uuid[], open_places integer[]) returns integer[] language sql
set enable_nestloop = on
as $$
  with ranked as (
    select o.place, c.id as cafe_id, c.room_id, c.starts_at, c.ends_at, s.pooled, s.capacity - s.taken as free,
      row_number() over (partition by s.cafe_id order by o.place) as rank
    from unnest(open_places) as o (place)
    join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place] join cafe c on c.id = s.cafe_id
  ),
  roomy as (select r.* from ranked r where r.rank <= r.free and (not r.pooled or seats_free(r.cafe_id) > 0)),
  at_times as (
    select r.place, p.capacity - p.taken as free, row_number() over (partition by p.room_id, p.starts_at order by r.place) as rank
    from roomy r join room_slot p on p.room_id = r.room_id and p.starts_at >= r.starts_at and p.ends_at <= r.ends_at
  )
  select array_agg(r.place order by r.place) from roomy r
  where not exists (select from at_times t where t.place = r.place and t.rank > t.free)
$$;
