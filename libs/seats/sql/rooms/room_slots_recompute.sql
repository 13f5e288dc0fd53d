-- Recomputes the room slots of these rooms: the periods in which a room is too small for its Cafés together. Locks the counts of all their
-- Cafés.
create or replace function room_slots_recompute(p_room_ids uuid[]) returns void language plpgsql as $$
begin
  perform 1 from cafe_seats s
  where s.cafe_id in (select c.id from cafe c where c.room_id = any (p_room_ids)) order by s.cafe_id for update;
  delete from room_slot p where p.room_id = any (p_room_ids);

  insert into room_slot (room_id, starts_at, ends_at, capacity, taken)
  select r.id, t.starts_at, t.ends_at, r.capacity, sum(s.taken)
  from room r
  cross join lateral (
    select b.at as starts_at, lead(b.at) over (order by b.at) as ends_at
    from (
      select c.starts_at as at from cafe c where c.room_id = r.id
      union select c.ends_at from cafe c where c.room_id = r.id
    ) b
  ) t
  join cafe c on c.room_id = r.id and c.starts_at <= t.starts_at and c.ends_at >= t.ends_at
  join cafe_seats s on s.cafe_id = c.id
  where r.id = any (p_room_ids) and t.ends_at is not null
  group by r.id, t.starts_at, t.ends_at, r.capacity
  having sum(s.capacity) > r.capacity;

  update cafe_seats s set pooled = f.pooled
  from (
    select c.id, exists (
      select from room_slot p where p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
    ) as pooled
    from cafe c where c.room_id = any (p_room_ids)
  ) f
  where s.cafe_id = f.id and s.pooled <> f.pooled;
end
$$;
