-- Lock all Cafés of an event, for a change that may touch any; where the seats of the one named become free (or are at another time),
-- those seats too, and all Cafés where their people wait. Returns the Cafés, the one named first.
create or replace function seats_lock_event(first_cafe_id uuid, freeing boolean) returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  elsewhere_ids uuid[] := case when freeing then lines_of_people_at(first_cafe_id) end;
begin
  select array_agg(c.id order by c.id <> first_cafe_id, c.id) into locked_cafe_ids
  from cafe c
  where c.event_id = (select mine.event_id from cafe mine where mine.id = first_cafe_id) or c.id = any (elsewhere_ids);
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(locked_cafe_ids);
  if freeing then
    perform 1 from registration r
    where r.cafe_id = first_cafe_id and r.status in ('held', 'offered', 'confirmed') order by r.id for update;
    -- As in seats_lock_around.
    if not lines_of_people_at(first_cafe_id) <@ locked_cafe_ids then
      raise exception 'the lines changed' using errcode = 'serialization_failure';
    end if;
  end if;
  return locked_cafe_ids;
end
$$;
