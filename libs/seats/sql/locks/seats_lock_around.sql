-- Lock the Cafés around these registrations, and return them as cafes_around does.
create or replace function seats_lock_around(freed_ids uuid[], named_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[] := cafes_around(freed_ids, named_cafe_ids);
begin
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(locked_cafe_ids);
  perform 1 from registration r where r.id = any (freed_ids) order by r.id for update;
  -- Somebody joined another line while we waited: it would not be looked at when they become free for it. From here on, whoever had
  -- one of these seats when they asked joins a line after our commit (seats_claim).
  if not cafes_around(freed_ids, named_cafe_ids) <@ locked_cafe_ids then
    raise exception 'the lines changed' using errcode = 'serialization_failure';
  end if;
  return locked_cafe_ids;
end
$$;
