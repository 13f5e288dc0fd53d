-- Moves a Café to another time, room or capacity; null leaves a value unchanged, except that the capacity is lowered to that of the room.
-- `p_clash_decision` decides about a seat whose attendee has another seat at the new time: `swap` makes it an offer to swap, `keep` keeps
-- both seats, `cancel` ends it, null refuses the move. `p_cancel_excess` cancels the excess seats that were given last; otherwise the move
-- is refused. Refused with `counts-changed` when the number of taken seats is not `p_expected_taken`, because the move would then cancel
-- other seats than the caller saw. Refused when the Café has another version than the caller expects (cafe_is_changed). All registered
-- attendees get a message when the room or the time changes. The cause of a seat that ends because of a clash is `organiser`, that of an
-- excess seat `move`. Returns the outcome, the seats taken before, the new capacity, the capacity of the room, and every registration that
-- changed.
create or replace function seats_move_cafe(
  p_cafe_id uuid, p_room_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_capacity integer,
  p_clash_decision text, p_cancel_excess boolean, p_by uuid, p_expected_taken integer default null,
  p_expected_version bigint default null, p_reason text default null
) returns table (outcome text, taken integer, capacity integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_cafe cafe;             -- before the move
  v_stays boolean;         -- whether neither the room nor the time changes
  v_excess_ids uuid[];
  v_tried_ids uuid[];      -- registrations that need minutes at the new time
  v_tried_attendee_ids uuid[];
  v_seated_ids uuid[];     -- attendees who are free at the new time
  v_clashing_ids uuid[];
begin
  v_locked_cafe_ids := seats_lock_event(p_cafe_id, true);
  select * into v_cafe from cafe c where c.id = p_cafe_id;
  p_room_id := coalesce(p_room_id, v_cafe.room_id);
  p_starts_at := coalesce(p_starts_at, v_cafe.starts_at);
  p_ends_at := coalesce(p_ends_at, v_cafe.ends_at);
  v_stays := v_cafe.room_id = p_room_id and v_cafe.starts_at = p_starts_at and v_cafe.ends_at = p_ends_at;
  select r.capacity into room_capacity from room r where r.id = p_room_id and r.event_id = v_cafe.event_id;
  select s.taken, coalesce(p_capacity, least(s.target_capacity, s.capacity, room_capacity)) into taken, p_capacity
  from cafe_seats s where s.cafe_id = p_cafe_id;
  capacity := p_capacity;
  v_excess_ids := seats_excess(p_cafe_id, p_capacity);
  outcome := case
    when taken is null then 'cafe-not-found'
    when cafe_is_changed(p_cafe_id, p_expected_version) then 'version-changed'
    when p_expected_taken <> taken then 'counts-changed'
    when room_capacity is null then 'room-not-found'
    when p_ends_at <= p_starts_at or p_ends_at > p_starts_at + cafe_duration_max() then 'ends-before-start'
    when p_ends_at <= seats_now() and not v_stays then 'ends-before-now'
    when p_capacity > room_capacity then 'capacity-above-room'
    when v_excess_ids is not null and not p_cancel_excess then 'capacity-below-taken'
    else 'moved'
  end;
  if outcome <> 'moved' then
    return next;
    return;
  end if;

  begin
    registration_ids := coalesce(seats_leave(v_excess_ids, 'cancelled', 'move', p_by, p_reason), '{}');
    update cafe_seats s set
      capacity = p_capacity, target_capacity = null,
      settings_version = s.settings_version + (s.capacity <> p_capacity or s.target_capacity is not null)::integer
    where s.cafe_id = p_cafe_id;
    if v_stays then
      perform room_slots_recompute(array[p_room_id]);
      update cafe_seats s set version = s.version + 1 where s.cafe_id = p_cafe_id;
      perform seat_event_of_cafe(array[p_cafe_id], 'move', p_by);
    else
      -- These registrations give back their old minutes. Those whose attendee is free at the new time take the new minutes.
      select array_agg(r.id order by r.id), array_agg(r.attendee_id order by r.id) into v_tried_ids, v_tried_attendee_ids
      from registration r
      where r.cafe_id = p_cafe_id and (takes_minutes(r) or (r.status = 'confirmed' and r.overlapping));
      perform give_back_minutes(array_agg(r.cafe_id), array_agg(r.attendee_id), array_agg(null::integer))
      from registration r where r.id = any (v_tried_ids) and takes_minutes(r) having count(*) > 0;
      update cafe c set room_id = p_room_id, starts_at = p_starts_at, ends_at = p_ends_at where c.id = p_cafe_id;
      if v_cafe.room_id <> p_room_id then
        -- The hosts of the new room get the host list.
        delete from scheduled_mail m where m.kind = 'host-list' and m.subject_id = p_cafe_id;
      end if;
      if v_tried_ids is not null then
        v_seated_ids := take_minutes(array_fill(p_cafe_id, array[cardinality(v_tried_ids)]), v_tried_attendee_ids);
        select array_agg(t.id) into v_clashing_ids
        from unnest(v_tried_ids, v_tried_attendee_ids) as t (id, attendee_id) where t.attendee_id <> all (v_seated_ids);
      end if;
      if p_clash_decision is null and v_clashing_ids is not null then
        raise exception 'move-clashes' using errcode = 'CSEAT';
      end if;
      registration_ids := registration_ids || registrations_move(p_cafe_id, v_tried_ids, v_clashing_ids, p_clash_decision, p_by, p_reason);
      if p_clash_decision = 'cancel' then
        registration_ids := registration_ids || coalesce(v_clashing_ids, '{}');
      end if;
    end if;
    registration_ids := registration_ids || seats_move_up(v_locked_cafe_ids);
  exception when check_violation or sqlstate 'CSEAT' then
    -- The changes since `begin` are rolled back. The constraint is room_slot_never_oversold: the room is full at the new time.
    outcome := case sqlstate when 'CSEAT' then sqlerrm else 'room-full' end;
    registration_ids := null;
    return next;
    return;
  end;
  perform pg_notify('outbox', '');
  return next;
end
$$;
