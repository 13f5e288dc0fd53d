-- Runs after a change of a Café (`p_before`: its counts before the change). Writes a pending change that ends the registrations in its
-- waitlist, and the seats of a cancelled Café. The pending change is due after seats_undo_window; without `p_undoable` it is due now, and
-- the caller applies it. When the Café accepts claims again, or no attendee would lose a place, the pending change is deleted. A second
-- closing within the window replaces the first one under a new id, so that an undo of the first one does not undo the second one. An undo
-- of the second one restores the state before the first one. A change that is not undoable makes a pending one final. Returns the id of the
-- pending change.
create or replace function seats_end_later(p_before cafe_seats, p_by uuid, p_undoable boolean, p_reason text)
returns uuid language plpgsql as $$
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
  insert into pending_change as mine (cafe_id, cause, state_before, waitlist_open_before, changed_by, reason, applies_at)
  values (
    p_before.cafe_id, v_cause, p_before.state, p_before.waitlist_open, p_by, p_reason,
    seats_now() + case when p_undoable then seats_undo_window() else '0' end
  )
  on conflict (cafe_id) where cause <> 'no-show' do update
    set id = excluded.id, cause = excluded.cause, covers_earlier = true, changed_by = excluded.changed_by,
      reason = excluded.reason, applies_at = excluded.applies_at
    where v_after.state <> p_before.state or v_after.waitlist_open <> p_before.waitlist_open or not p_undoable
  returning mine.id into v_change_id;
  return v_change_id;
end
$$;
