-- Move a Café to another time, room or capacity, with a decision for those who would have two seats at once (`swap`: the seat
-- becomes an offer to swap; `keep`: both seats stand; `cancel`) and one for the seats that are too many there (the last
-- given are cancelled, or the move is refused). Everybody with a seat or in line is told where the place or the time is another:
-- a seat that ends because of a clash is ended by the organiser, only one that is too many by the move.
-- Returns the outcome and every registration changed.
create or replace function seats_move_cafe(
  moved_cafe_id uuid, new_room_id uuid, new_starts_at timestamptz, new_ends_at timestamptz, new_capacity integer,
  clash_decision text, cancel_excess boolean, moving_attendee_id uuid
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  seats cafe_seats;
  moved cafe;
  stays boolean;
  excess_ids uuid[];
  tried_ids uuid[];
  tried_attendee_ids uuid[];
  winners uuid[];
  clashing_ids uuid[];
  changed_ids uuid[] := '{}';
begin
  locked_cafe_ids := seats_lock_event(moved_cafe_id, true);
  select * into seats from cafe_seats s where s.cafe_id = moved_cafe_id;
  select * into moved from cafe c where c.id = moved_cafe_id;
  stays := moved.room_id = new_room_id and moved.starts_at = new_starts_at and moved.ends_at = new_ends_at;
  select r.capacity into room_capacity from room r where r.id = new_room_id and r.event_id = moved.event_id;
  taken := seats.taken;
  select array_agg(last.id) into excess_ids from (
    select r.id from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed')
    order by r.created_at desc, r.id desc limit greatest(seats.taken - new_capacity, 0)
  ) last;
  outcome := case
    when seats.cafe_id is null then 'cafe-not-found'
    when room_capacity is null then 'room-not-found'
    when new_ends_at <= new_starts_at or new_ends_at > new_starts_at + interval '24 hours' then 'ends-before-start'
    when new_ends_at <= seats_now() and not stays then 'ends-before-now'
    when new_capacity > room_capacity then 'capacity-above-room'
    when excess_ids is not null and not cancel_excess then 'capacity-below-taken'
    else 'moved'
  end;
  if outcome <> 'moved' then
    return next;
    return;
  end if;

  begin
    changed_ids := coalesce(seats_leave(excess_ids, 'cancelled', 'move', moving_attendee_id), '{}');
    -- The seats of a Café that does not stay where it is leave their old minutes, and take the new ones where their people are free. An offer to swap and a guest registration take none.
    select array_agg(r.id order by r.id), array_agg(r.attendee_id order by r.id) into tried_ids, tried_attendee_ids
    from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('offered', 'confirmed')
      and not (r.status = 'offered' and r.overlapping) and not stays;
    perform give_back_minutes(array_agg(r.cafe_id), array_agg(r.attendee_id), array_agg(null::integer))
    from registration r where r.id = any (tried_ids) and not r.overlapping having count(*) > 0;
    update cafe_seats s set capacity = new_capacity, target_capacity = null where s.cafe_id = moved_cafe_id;
    update cafe c set room_id = new_room_id, starts_at = new_starts_at, ends_at = new_ends_at where c.id = moved_cafe_id;
    if moved.room_id <> new_room_id then
      -- Other hosts are owed the list.
      delete from scheduled_mail m where m.kind = 'host-list' and m.subject_id = moved_cafe_id;
    end if;
    if stays then
      perform room_slots_find(array[new_room_id]);
      update cafe_seats s set version = s.version + 1 where s.cafe_id = moved_cafe_id;
      perform seat_event_of_cafe(array[moved_cafe_id], 'move', moving_attendee_id);
    end if;
    if tried_ids is not null then
      winners := take_minutes(array_fill(moved_cafe_id, array[cardinality(tried_ids)]), tried_attendee_ids);
      select array_agg(t.id) into clashing_ids
      from unnest(tried_ids, tried_attendee_ids) as t (id, attendee_id) where t.attendee_id <> all (winners);
    end if;
    if clash_decision is null and clashing_ids is not null then
      raise exception 'move-clashes' using errcode = 'CSEAT';
    end if;

    update registration r set
      cause = 'move', changed_by = moving_attendee_id,
      overlapping = case
        when r.id = any (clashing_ids) then true
        when r.id = any (tried_ids) then false
        else r.overlapping
      end,
      status = case when r.id = any (clashing_ids) and clash_decision = 'swap' then 'offered' else r.status end,
      expires_at = case
        when r.id = any (clashing_ids) and clash_decision = 'swap' then offer_expires_at(new_starts_at, new_ends_at)
        when r.status = 'offered' or (r.status = 'held' and r.waitlist_number is not null)
          then least(r.expires_at, offer_expires_at(new_starts_at, new_ends_at))
        else r.expires_at
      end,
      checked_in_at = case when r.id = any (clashing_ids) and clash_decision = 'swap' then null else r.checked_in_at end
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not stays;
    if clash_decision = 'cancel' then
      changed_ids := changed_ids || coalesce(seats_leave(clashing_ids, 'cancelled', 'organiser', moving_attendee_id), '{}');
    end if;
    select changed_ids || coalesce(array_agg(r.id), '{}') into changed_ids
    from registration r where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not stays;
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
  exception when check_violation or sqlstate 'CSEAT' then
    -- Nothing since `begin` remains. The check is that of room_slot: at the new time the room is full with its other Cafés.
    outcome := case sqlstate when 'CSEAT' then sqlerrm else 'room-full' end;
    registration_ids := null;
    return next;
    return;
  end;
  perform pg_notify('outbox', '');
  registration_ids := changed_ids;
  return next;
end
$$;
