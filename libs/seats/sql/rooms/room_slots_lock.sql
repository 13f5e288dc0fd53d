-- Locks the room slots of these Cafés. The caller has locked the Cafés.
create or replace function room_slots_lock(p_cafe_ids uuid[]) returns void language plpgsql
set enable_nestloop = on
as $$
begin
  perform 1 from room_slot p
  where exists (
    select from cafe c
    where c.id = any (p_cafe_ids) and p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  )
  order by p.room_id, p.starts_at for update;
end
$$;
