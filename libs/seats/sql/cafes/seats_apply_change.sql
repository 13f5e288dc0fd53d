-- Applies a pending change when it is due and still exists. In a release, attendees who are checked in by now keep their seats; when fewer
-- attendees wait now, the attendees chosen last keep theirs. Returns every registration that changed.
create or replace function seats_apply_change(p_change_id uuid)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  v_change pending_change;
  v_locked_cafe_ids uuid[];
  v_ending_ids uuid[];
  v_takes integer;
  v_changed_ids uuid[];
begin
  select * into v_change from pending_change p where p.id = p_change_id;
  -- Seats become free when a Café is cancelled or seats are released. A change that got another cause before this lock is not due.
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
  v_changed_ids := seats_leave(v_ending_ids, 'cancelled', v_change.cause, v_change.changed_by, v_change.reason);
  v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$$;
