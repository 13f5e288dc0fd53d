-- Undoes a pending change: a closing (`p_closing`) or a release of seats. The outcome is `undo-over` when the change was applied or undone
-- before, or its window is over; `version-changed` when the Café has another version than the caller expects (cafe_is_changed); otherwise
-- `undone`. Seats that became free since a closing go to the waitlist. Returns the outcome and every registration that changed.
create or replace function seats_undo_change(
  p_cafe_id uuid, p_change_id uuid, p_closing boolean, p_by uuid, p_expected_version bigint default null
)
returns table (outcome text, registration_ids uuid[]) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_change pending_change;
  v_state cafe_state; -- before the undo
begin
  v_locked_cafe_ids := seats_lock_event(p_cafe_id, false);
  if cafe_is_changed(p_cafe_id, p_expected_version) then
    outcome := 'version-changed';
    return next;
    return;
  end if;
  delete from pending_change p
  where p.id = p_change_id and p.cafe_id = p_cafe_id and (p.cause <> 'no-show') = p_closing and p.applies_at > seats_now()
  returning * into v_change;
  outcome := case when v_change.id is null then 'undo-over' else 'undone' end;
  if outcome = 'undone' and p_closing then
    select s.state into v_state from cafe_seats s where s.cafe_id = p_cafe_id;
    update cafe_seats s set
      state = v_change.state_before, waitlist_open = v_change.waitlist_open_before, version = s.version + 1,
      settings_version = s.settings_version + 1
    where s.cafe_id = p_cafe_id;
    perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
    perform audit_log_write(
      'cafe-restored', 'cafe', p_cafe_id, p_by, p_event_id => cafe_event(p_cafe_id), p_label => cafe_label(p_cafe_id),
      p_before => jsonb_build_object('state', v_state),
      p_after => jsonb_build_object('state', v_change.state_before, 'waitlistOpen', v_change.waitlist_open_before)
    );
    registration_ids := seats_move_up(v_locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$$;
