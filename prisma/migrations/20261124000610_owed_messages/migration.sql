-- Which message a change owes, with the kinds of the migration before this one. Owner: libs/seats.

-- The message that a change owes its person; null where there is nothing to tell. Every branch is of the type itself, so that
-- the function is read into the statement that calls it.
create or replace function mail_kind_of(was registration_status, is_now registration_status, cause seat_cause)
returns mail_kind language sql immutable as $$
  select case
    when was = is_now then case when cause = 'move' then 'cafe-moved'::mail_kind end
    when is_now = 'held' or (is_now = 'waitlisted' and cause = 'guest') then 'prove-address'::mail_kind
    when is_now = 'waitlisted' then 'waitlisted'::mail_kind
    when is_now = 'offered' then 'offered'::mail_kind
    when is_now = 'confirmed' then case cause
      when 'line' then 'moved-up'::mail_kind when 'swap' then 'swapped'::mail_kind when 'walk-in' then null
      else 'confirmed'::mail_kind
    end
    when is_now = 'expired' then case when was = 'offered' then 'offer-expired'::mail_kind end
    when was = 'waitlisted' and cause in ('line-closed', 'cafe-closed') then 'line-closed'::mail_kind
    when cause in ('cafe-cancelled', 'organiser') then 'cancelled-by-organiser'::mail_kind
    -- There are not enough seats where the Café moved to.
    when cause = 'move' then 'capacity-lost'::mail_kind
    when cause not in ('swap', 'declined') then 'cancelled'::mail_kind
  end
$$;

-- Whoever took seats for others is told what became of them: at the commit, because a delegation of whom nobody got a seat or a
-- place in line is taken back before.
create function delegation_made() returns trigger language plpgsql as $$
begin
  insert into outbox (kind, attendee_id, delegation_id, cafe_id)
  select 'delegation-summary', d.attendee_id, d.id, d.cafe_id from delegation d where d.id = new.id;
  return null;
end
$$;

create constraint trigger delegation_made after insert on delegation deferrable initially deferred
for each row execute function delegation_made();

-- Move a Café to another time, room or capacity, with a decision for those who would have two seats at once (`swap`: the seat
-- becomes an offer to swap; `keep`: both seats stand; `cancel`) and one for the seats that are too many there (the last
-- given are cancelled, or the move is refused). Everybody with a seat or in line is told.
-- Returns the outcome and every registration changed.
-- As before, but that a seat which ends because of a clash is ended by the organiser, and only one that is too many by the move:
-- their messages differ.
create or replace function seats_move_cafe(
  moved_cafe_id uuid, new_room_id uuid, new_starts_at timestamptz, new_ends_at timestamptz, new_capacity integer,
  clash_decision text, cancel_excess boolean, moving_attendee_id uuid, hold_ttl interval
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  seats cafe_seats;
  moved cafe;
  excess_ids uuid[];
  tried_ids uuid[];
  tried_attendee_ids uuid[];
  winners uuid[];
  clashing_ids uuid[];
  changed_ids uuid[] := '{}';
begin
  locked_cafe_ids := seats_lock_event(moved_cafe_id);
  select * into seats from cafe_seats s where s.cafe_id = moved_cafe_id;
  select * into moved from cafe c where c.id = moved_cafe_id;
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
    -- The seats leave their old minutes, and take the new ones where their people are free. An offer to swap takes none.
    select array_agg(r.id order by r.id), array_agg(r.attendee_id order by r.id) into tried_ids, tried_attendee_ids
    from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed')
      and not (r.status = 'offered' and r.overlapping);
    perform give_back_minutes(array_agg(r.cafe_id), array_agg(r.attendee_id), array_agg(null::integer))
    from registration r where r.id = any (tried_ids) and not r.overlapping having count(*) > 0;
    update cafe_seats s set capacity = new_capacity, target_capacity = null where s.cafe_id = moved_cafe_id;
    update cafe c set room_id = new_room_id, starts_at = new_starts_at, ends_at = new_ends_at where c.id = moved_cafe_id;
    if moved.room_id = new_room_id and moved.starts_at = new_starts_at and moved.ends_at = new_ends_at then
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
      status = case when r.id = any (clashing_ids) and (clash_decision = 'swap' or r.status = 'held') then 'offered' else r.status end,
      expires_at = case
        when r.id = any (clashing_ids) and (clash_decision = 'swap' or r.status = 'held')
          then offer_expires_at(new_starts_at, new_ends_at)
        else r.expires_at
      end,
      checked_in_at = case when r.id = any (clashing_ids) and clash_decision = 'swap' then null else r.checked_in_at end
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted');
    if clash_decision = 'cancel' then
      changed_ids := changed_ids || coalesce(seats_leave(clashing_ids, 'cancelled', 'organiser', moving_attendee_id), '{}');
    end if;
    select changed_ids || coalesce(array_agg(r.id), '{}') into changed_ids
    from registration r where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted');
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids, hold_ttl);
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
