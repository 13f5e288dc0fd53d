-- Transactions on changes that can be undone for ten seconds (docs/adr/0016). Owner: libs/seats. The model in
-- libs/seats/src/model/pending.ts says what each must do.
--
-- All of them lock the rows of cafe_seats first, like every other change of seats. A row of pending_change is only read to decide, written
-- or deleted under the lock of its Café.

drop function seats_release_no_shows(uuid, uuid);
drop function seats_change_cafe(uuid, integer, boolean, cafe_state, boolean, uuid);

-- Of these registrations, those with a confirmed seat at the Café whose people are not present, in the order given.
create function seats_absent(p_cafe_id uuid, p_registration_ids uuid[]) returns uuid[] language sql stable as $$
  select coalesce(array_agg(r.id order by i.place), '{}')
  from unnest(p_registration_ids) with ordinality as i (id, place)
  join registration r on r.id = i.id
  where r.cafe_id = p_cafe_id and r.status = 'confirmed' and r.checked_in_at is null
$$;

-- How many of the seats of these registrations the waitlist would take if they ended now. Runs the real functions in a subtransaction and
-- rolls it back, so the answer cannot differ from what would happen. The event is locked by the caller.
create function seats_waitlist_would_take(p_cafe_id uuid, p_registration_ids uuid[]) returns integer language plpgsql as $$
declare
  v_free_before integer := seats_free(p_cafe_id);
  v_moved integer;
begin
  begin
    perform seats_leave(p_registration_ids, 'cancelled', 'no-show', null);
    v_moved := cardinality(seats_move_up(array[p_cafe_id]));
    raise exception 'rolled back on purpose' using errcode = 'CSEAT';
  exception when sqlstate 'CSEAT' then
    -- A variable keeps its value.
    null;
  end;
  return greatest(v_moved - v_free_before, 0);
end
$$;

-- Release the seats of these absent people to the waitlist, ten seconds from now: a pending change. Refused before the grace period after
-- the start is over; when one of them is not absent or has a pending release already (`refused_ids`); and when more seats
-- would be released than people wait who can take one (`takes`: how many can).
create function seats_release_no_shows(p_cafe_id uuid, p_registration_ids uuid[], p_by uuid)
returns table (outcome text, change_id uuid, releasable_from timestamptz, takes integer, refused_ids uuid[]) language plpgsql as $$
declare
  v_starts_at timestamptz;
  v_pending_ids uuid[];
  v_absent_ids uuid[];
begin
  perform seats_lock_event(p_cafe_id, true);
  select c.starts_at, c.starts_at + make_interval(mins => e.no_show_grace_minutes) into v_starts_at, releasable_from
  from cafe c join event e on e.id = c.event_id where c.id = p_cafe_id;
  v_pending_ids := seats_absent(p_cafe_id, array(
    select unnest(p.registration_ids) from pending_change p where p.cafe_id = p_cafe_id and p.cause = 'no-show'
  ));
  v_absent_ids := seats_absent(p_cafe_id, p_registration_ids);
  refused_ids := array(
    select i.id from unnest(p_registration_ids) as i (id) where i.id <> all (v_absent_ids) or i.id = any (v_pending_ids)
  );
  outcome := case
    when v_starts_at is null then 'cafe-not-found'
    when v_starts_at > seats_now() then 'cafe-not-begun'
    when releasable_from > seats_now() then 'grace-period'
    when refused_ids <> '{}' then 'not-absent'
    else 'pending'
  end;
  if outcome = 'pending' then
    takes := greatest(seats_waitlist_would_take(p_cafe_id, v_pending_ids || v_absent_ids) - cardinality(v_pending_ids), 0);
    if takes < cardinality(v_absent_ids) then
      outcome := 'more-than-wait';
    else
      insert into pending_change (cafe_id, cause, registration_ids, changed_by, applies_at)
      values (p_cafe_id, 'no-show', v_absent_ids, p_by, seats_now() + seats_undo_window())
      returning id into change_id;
    end if;
  end if;
  return next;
end
$$;

-- After a change of a Café: the places in its waitlist (and, of a cancelled Café, the seats) end by a pending change, ten seconds from
-- now, or (not `p_undoable`) now: the caller applies it. Where the Café takes people again, or nobody would lose anything, nothing ends.
-- A second closing within the ten seconds begins them again under a new id, so that nobody undoes it by undoing the first, which they
-- saw; undoing the second restores what was before the first. After a change that is not undoable none is left to undo. Returns the
-- pending change.
create function seats_end_later(p_before cafe_seats, p_by uuid, p_undoable boolean) returns uuid language plpgsql as $$
declare
  v_after cafe_seats;
  v_cause seat_cause;
  v_change_id uuid;
begin
  select * into v_after from cafe_seats s where s.cafe_id = p_before.cafe_id;
  v_cause := case
    when v_after.state = 'cancelled' and v_after.taken + v_after.waitlisted > 0 then 'cafe-cancelled'
    when v_after.waitlisted = 0 then null
    when v_after.state = 'closed' then 'cafe-closed'
    when not v_after.waitlist_open then 'line-closed'
  end;
  if v_cause is null then
    delete from pending_change p where p.cafe_id = p_before.cafe_id and p.cause <> 'no-show';
    return null;
  end if;
  insert into pending_change as mine (cafe_id, cause, state_before, waitlist_open_before, changed_by, applies_at)
  values (
    p_before.cafe_id, v_cause, p_before.state, p_before.waitlist_open, p_by,
    seats_now() + case when p_undoable then seats_undo_window() else '0' end
  )
  on conflict (cafe_id) where cause <> 'no-show' do update
    set id = excluded.id, cause = excluded.cause, covers_earlier = true, changed_by = excluded.changed_by,
      applies_at = excluded.applies_at
    where v_after.state <> p_before.state or v_after.waitlist_open <> p_before.waitlist_open or not p_undoable
  returning mine.id into v_change_id;
  return v_change_id;
end
$$;

-- Change a Café's capacity, state or waitlist; what is null stays. Returns the outcome and every registration changed.
-- A capacity below the seats taken is refused, or with `p_as_target` approached as seats become free. A waitlist that is closed,
-- and a Café that is, take nobody from now on. The places in the waitlist, and all seats of a cancelled Café, end in this transaction;
-- with `p_undoable` ten seconds later (seats_end_later). Refused where the caller expected other counts than there are.
create function seats_change_cafe(
  p_cafe_id uuid, p_capacity integer, p_as_target boolean, p_state cafe_state, p_waitlist_open boolean, p_by uuid,
  p_expected_taken integer default null, p_expected_waitlisted integer default null, p_undoable boolean default false
)
returns table (outcome text, taken integer, waitlisted integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_before cafe_seats;
  v_room_id uuid;
  v_change_id uuid;
begin
  -- Seats become free here only where a cancellation is applied: this one, or a pending one.
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
    perform room_slots_find(array[v_room_id]);
    -- Seats that are added go to the waitlist, also when it is closed in the same call.
    if p_state is distinct from 'cancelled' then
      registration_ids := seats_move_up(array[p_cafe_id]);
    end if;
  end if;
  update cafe_seats s set
    state = coalesce(p_state, s.state), waitlist_open = coalesce(p_waitlist_open, s.waitlist_open), version = s.version + 1
  where s.cafe_id = p_cafe_id;
  perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
  v_change_id := seats_end_later(v_before, p_by, p_undoable);
  if not p_undoable then
    registration_ids := registration_ids || array(select a.registration_id from seats_apply_change(v_change_id) a);
  end if;
  registration_ids := registration_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$$;

-- Undo a pending change: a closing (`p_closing`) or a release of seats. Returns `undo-over` where it is applied or undone already, or its
-- ten seconds are over; else `undone` and every registration changed: seats that became free since a Café closed go to its waitlist.
create function seats_undo_change(p_cafe_id uuid, p_change_id uuid, p_closing boolean, p_by uuid)
returns table (outcome text, registration_ids uuid[]) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_change pending_change;
begin
  v_locked_cafe_ids := seats_lock_event(p_cafe_id, false);
  delete from pending_change p
  where p.id = p_change_id and p.cafe_id = p_cafe_id and (p.cause <> 'no-show') = p_closing and p.applies_at > seats_now()
  returning * into v_change;
  outcome := case when v_change.id is null then 'undo-over' else 'undone' end;
  if outcome = 'undone' and p_closing then
    update cafe_seats s set state = v_change.state_before, waitlist_open = v_change.waitlist_open_before, version = s.version + 1
    where s.cafe_id = p_cafe_id;
    perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
    registration_ids := seats_move_up(v_locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$$;

-- The pending changes whose ten seconds are over, the longest overdue first.
create function seats_changes_due(p_max integer) returns setof uuid language sql stable as $$
  select p.id from pending_change p where p.applies_at <= seats_now() order by p.applies_at, p.id limit p_max
$$;

-- Apply a pending change whose ten seconds are over; one that was undone or applied meanwhile is left. Of the released
-- seats those stay whose person came meanwhile, and the last chosen where fewer people wait by now. Returns every registration changed.
create function seats_apply_change(p_change_id uuid)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  v_change pending_change;
  v_locked_cafe_ids uuid[];
  v_ending_ids uuid[];
  v_takes integer;
  v_changed_ids uuid[];
begin
  select * into v_change from pending_change p where p.id = p_change_id;
  -- Seats become free where a Café is cancelled, or seats are released. Where its cause changed before it was locked, it is not due.
  v_locked_cafe_ids := seats_lock_event(v_change.cafe_id, v_change.cause in ('no-show', 'cafe-cancelled'));
  delete from pending_change p
  where p.id = p_change_id and p.cause = v_change.cause and p.applies_at <= seats_now() returning * into v_change;
  if not found then
    return;
  end if;
  if v_change.cause = 'no-show' then
    v_ending_ids := seats_absent(v_change.cafe_id, v_change.registration_ids);
    loop
      v_takes := seats_waitlist_would_take(v_change.cafe_id, v_ending_ids);
      exit when v_takes >= cardinality(v_ending_ids);
      v_ending_ids := v_ending_ids[1:v_takes];
    end loop;
  else
    v_ending_ids := array(
      select r.id from registration r
      where r.cafe_id = v_change.cafe_id
        and (r.status = 'waitlisted' or (v_change.cause = 'cafe-cancelled' and r.status in ('held', 'offered', 'confirmed')))
    );
  end if;
  v_changed_ids := seats_leave(v_ending_ids, 'cancelled', v_change.cause, v_change.changed_by);
  v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$$;

-- Move a Café as seats_move_cafe does; refused with `counts-changed` where another number of seats is taken than the caller saw, because
-- others would be cancelled than was said.
create function seats_move_cafe_as_seen(
  p_cafe_id uuid, p_room_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_capacity integer, p_clash_decision text,
  p_cancel_excess boolean, p_by uuid, p_expected_taken integer
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
begin
  perform seats_lock_event(p_cafe_id, true);
  select s.taken into taken from cafe_seats s where s.cafe_id = p_cafe_id;
  if p_expected_taken <> taken then
    outcome := 'counts-changed';
    return next;
    return;
  end if;
  return query select m.* from seats_move_cafe(
    p_cafe_id, p_room_id, p_starts_at, p_ends_at, p_capacity, p_clash_decision, p_cancel_excess, p_by
  ) m;
end
$$;

-- The message that a change of a registration owes its person; null where there is none.
create or replace function mail_kind_of(was registration_status, is_now registration_status, cause seat_cause, waited boolean)
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
    -- Of a seat kept for a guest who asked a moment ago the mail said how long; whoever waited for one is told that it went on.
    when is_now = 'expired' then case when was = 'offered' or (was = 'held' and waited) then 'offer-expired'::mail_kind end
    when was = 'waitlisted' and cause in ('line-closed', 'cafe-closed') then 'line-closed'::mail_kind
    when cause = 'no-show' then 'seat-released'::mail_kind
    when cause in ('cafe-cancelled', 'organiser') then 'cancelled-by-organiser'::mail_kind
    -- There are not enough seats where the Café moved to.
    when cause = 'move' then 'capacity-lost'::mail_kind
    -- `proof`: a guest registration that ends because its person has one of their own in the Café.
    when cause not in ('swap', 'declined', 'proof') then 'cancelled'::mail_kind
  end
$$;
