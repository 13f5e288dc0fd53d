-- Releases the seats of these absent attendees to the waitlist after seats_undo_window: writes a pending change. Refused before the end of
-- the grace period after the start; when an attendee is not absent or has a pending release (`refused_ids`); and when the waitlist would
-- take fewer seats than are released (`takes`: how many). `p_reason`: a sentence of the host for the message to these attendees.
create or replace function seats_release_no_shows(p_cafe_id uuid, p_registration_ids uuid[], p_by uuid, p_reason text default null)
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
      insert into pending_change (cafe_id, cause, registration_ids, changed_by, reason, applies_at)
      values (p_cafe_id, 'no-show', v_absent_ids, p_by, p_reason, seats_now() + seats_undo_window())
      returning id into change_id;
      perform audit_log_write(
        'seats-released', 'cafe', p_cafe_id, p_by, p_event_id => cafe_event(p_cafe_id), p_label => cafe_label(p_cafe_id),
        p_after => jsonb_build_object('seats', cardinality(v_absent_ids)), p_reason => p_reason
      );
    end if;
  end if;
  return next;
end
$$;
