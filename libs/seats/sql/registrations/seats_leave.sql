-- Ends registrations and gives their minutes back; no waitlist moves up. The caller has locked the rows (seats_lock_around). Returns the
-- ended registrations, or null. `p_reason`: why the organisers end them, in their words.
create or replace function seats_leave(
  p_registration_ids uuid[], p_status registration_status, p_cause seat_cause, p_by uuid, p_reason text default null
)
returns uuid[] language plpgsql as $$
declare
  v_changed_ids uuid[];
  v_freed_cafe_ids uuid[];
  v_freed_attendee_ids uuid[];
begin
  with ended as (
    update registration r set
      status = p_status, expires_at = null, checked_in_at = null, overlapping = false, prove_by = null,
      cause = case when p_cause = 'attendee' and r.status = 'offered' then 'declined' else p_cause end, changed_by = p_by,
      reason = p_reason
    where r.id = any (p_registration_ids)
      and case
        when p_status = 'expired' and r.status = 'waitlisted'
          then r.prove_by <= seats_now() or (select c.ends_at from cafe c where c.id = r.cafe_id) <= seats_now()
        when p_status = 'expired' then r.status in ('held', 'offered') and r.expires_at <= seats_now()
        -- Declining ends only offers: an offer that was accepted in the meantime is a seat.
        when p_cause = 'declined' then r.status = 'offered'
        else r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      end
    returning r.id, r.cafe_id, r.attendee_id, takes_minutes(old) as had_minutes
  )
  select array_agg(e.id), array_agg(e.cafe_id) filter (where e.had_minutes), array_agg(e.attendee_id) filter (where e.had_minutes)
  into v_changed_ids, v_freed_cafe_ids, v_freed_attendee_ids
  from ended e;
  if v_freed_cafe_ids is not null then
    perform give_back_minutes(v_freed_cafe_ids, v_freed_attendee_ids, array_fill(null::integer, array[cardinality(v_freed_cafe_ids)]));
  end if;
  return v_changed_ids;
end
$$;
