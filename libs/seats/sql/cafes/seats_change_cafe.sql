-- Changes the capacity, the state or the waitlist of a Café; null leaves a value unchanged. A capacity below the taken seats is refused;
-- with `p_as_target` it becomes the target capacity. A closed waitlist or Café accepts no claims. Its registrations in the waitlist end,
-- and all registrations of a cancelled Café: in this transaction, or with `p_undoable` after seats_undo_window (seats_end_later). A
-- cancelled Café stays cancelled (seats_undo_change undoes a pending cancellation). Refused when the counts differ from the expected ones,
-- or the version from the expected one (cafe_is_changed). Returns the outcome, the counts before the change, and every registration that
-- changed.
create or replace function seats_change_cafe(
  p_cafe_id uuid, p_capacity integer, p_as_target boolean, p_state cafe_state, p_waitlist_open boolean, p_by uuid,
  p_expected_taken integer default null, p_expected_waitlisted integer default null, p_undoable boolean default false,
  p_expected_version bigint default null, p_reason text default null
)
returns table (outcome text, taken integer, waitlisted integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_before cafe_seats;
  v_room_id uuid;
  v_change_id uuid;
begin
  -- Only an applied cancellation makes seats free here: this one, or a pending one.
  v_locked_cafe_ids := seats_lock_event(p_cafe_id, not p_undoable and (
    p_state is not distinct from 'cancelled'
    or exists (select from pending_change p where p.cafe_id = p_cafe_id and p.cause = 'cafe-cancelled')
  ));
  select * into v_before from cafe_seats s where s.cafe_id = p_cafe_id;
  select r.id, r.capacity into v_room_id, room_capacity from cafe c join room r on r.id = c.room_id where c.id = p_cafe_id;
  taken := v_before.taken;
  waitlisted := v_before.waitlisted;
  outcome := case
    when v_before.cafe_id is null then 'cafe-not-found'
    when cafe_is_changed(p_cafe_id, p_expected_version) then 'version-changed'
    when v_before.state = 'cancelled' and p_state <> 'cancelled' then 'cafe-cancelled'
    when p_expected_taken <> taken or p_expected_waitlisted <> waitlisted then 'counts-changed'
    when p_capacity > room_capacity then 'capacity-above-room'
    when p_capacity < taken and not p_as_target and p_state is distinct from 'cancelled' then 'capacity-below-taken'
    when p_state = 'draft' and taken + waitlisted > 0 then 'has-registrations'
    else 'changed'
  end;
  if outcome <> 'changed' then
    return next;
    return;
  end if;
  registration_ids := '{}';
  if p_capacity is not null then
    update cafe_seats s set
      capacity = greatest(p_capacity, s.taken), target_capacity = case when p_capacity < s.taken then p_capacity end,
      version = s.version + 1
    where s.cafe_id = p_cafe_id;
    perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
    perform room_slots_recompute(array[v_room_id]);
    -- Added seats go to the waitlist, also when the same call closes the waitlist.
    if p_state is distinct from 'cancelled' then
      registration_ids := seats_move_up(array[p_cafe_id]);
    end if;
  end if;
  update cafe_seats s set
    state = coalesce(p_state, s.state), waitlist_open = coalesce(p_waitlist_open, s.waitlist_open), version = s.version + 1,
    settings_version = s.settings_version + (
      (s.capacity, s.target_capacity, coalesce(p_state, s.state), coalesce(p_waitlist_open, s.waitlist_open))
        is distinct from (v_before.capacity, v_before.target_capacity, v_before.state, v_before.waitlist_open)
    )::integer
  where s.cafe_id = p_cafe_id;
  perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
  v_change_id := seats_end_later(v_before, p_by, p_undoable, p_reason);
  if not p_undoable then
    registration_ids := registration_ids || array(select a.registration_id from seats_apply_change(v_change_id) a);
  end if;
  registration_ids := registration_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$$;
