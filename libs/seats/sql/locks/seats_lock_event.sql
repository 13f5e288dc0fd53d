-- Locks all Cafés of the event of a Café, for a change that may touch any of them. `p_frees_seats`: the seats of this Café end or move to
-- another time. The function then also locks these seats, and all Cafés in whose waitlists their attendees are. Returns the locked Cafés,
-- this one first. Order of locks: seats_lock_around.
create or replace function seats_lock_event(p_cafe_id uuid, p_frees_seats boolean) returns uuid[] language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_elsewhere_ids uuid[] := case when p_frees_seats then waitlists_of_seated(p_cafe_id) end;
begin
  select array_agg(c.id order by c.id <> p_cafe_id, c.id) into v_locked_cafe_ids
  from cafe c
  where c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id) or c.id = any (v_elsewhere_ids);
  perform 1 from cafe_seats s where s.cafe_id = any (v_locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(v_locked_cafe_ids);
  if p_frees_seats then
    perform 1 from registration r
    where r.cafe_id = p_cafe_id and r.status in ('held', 'offered', 'confirmed') order by r.id for update;
    -- As in seats_lock_around.
    if not waitlists_of_seated(p_cafe_id) <@ v_locked_cafe_ids then
      raise exception 'the waitlists changed' using errcode = 'serialization_failure';
    end if;
  end if;
  return v_locked_cafe_ids;
end
$$;
