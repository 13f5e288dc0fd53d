-- Recomputes the room slots when a Café is moved or deleted, or the capacity of a room changes.
create or replace function room_slots_follow() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'room' then
    perform room_slots_recompute(array[new.id]);
  elsif tg_op = 'DELETE' then
    perform room_slots_recompute(array[old.room_id]);
  else
    perform room_slots_recompute(array[old.room_id, new.room_id]);
    update cafe_seats s set version = s.version + 1 where s.cafe_id = new.id;
    perform seat_event_of_cafe(array[new.id], 'move', null);
  end if;
  return null;
end
$$;

create trigger room_slots_follow after delete on cafe for each row execute function room_slots_follow();

create trigger room_slots_follow_move after update of room_id, starts_at, ends_at on cafe for each row
when (old.room_id is distinct from new.room_id or old.starts_at is distinct from new.starts_at or old.ends_at is distinct from new.ends_at)
execute function room_slots_follow();

create trigger room_slots_follow after update of capacity on room for each row
when (old.capacity <> new.capacity) execute function room_slots_follow();
