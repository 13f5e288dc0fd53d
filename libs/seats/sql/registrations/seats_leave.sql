-- End registrations and give their minutes back; no line moves. What they touch is locked by the caller.
-- Returns those that ended, or null.
create or replace function seats_leave(ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid)
returns uuid[] language plpgsql as $$
declare
  changed_ids uuid[];
  freed_cafe_ids uuid[];
  freed_attendee_ids uuid[];
begin
  with ended as (
    update registration r set
      status = ended_as, expires_at = null, checked_in_at = null, overlapping = false, prove_by = null,
      cause = case when ended_cause = 'attendee' and r.status = 'offered' then 'declined' else ended_cause end, changed_by = ended_by
    where r.id = any (ended_ids)
      and case
        when ended_as = 'expired' and r.status = 'waitlisted'
          then r.prove_by <= seats_now() or (select c.ends_at from cafe c where c.id = r.cafe_id) <= seats_now()
        when ended_as = 'expired' then r.status in ('held', 'offered') and r.expires_at <= seats_now()
        -- Accepted meanwhile: it is no offer any more, and a seat is not given back by a no to an offer.
        when ended_cause = 'declined' then r.status = 'offered'
        else r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      end
    returning r.id, r.cafe_id, r.attendee_id, old.status <> 'waitlisted' and not old.overlapping and not old.guest as had_minutes
  )
  select array_agg(e.id), array_agg(e.cafe_id) filter (where e.had_minutes), array_agg(e.attendee_id) filter (where e.had_minutes)
  into changed_ids, freed_cafe_ids, freed_attendee_ids
  from ended e;
  if freed_cafe_ids is not null then
    perform give_back_minutes(freed_cafe_ids, freed_attendee_ids, array_fill(null::integer, array[cardinality(freed_cafe_ids)]));
  end if;
  return changed_ids;
end
$$;
