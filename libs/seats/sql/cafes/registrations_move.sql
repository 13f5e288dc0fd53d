-- Part of seats_move_cafe: applies a move to the active registrations of the Café, so that each attendee gets a message. `p_tried_ids`: the
-- registrations that need minutes at the new time. `p_clashing_ids`: those of them whose attendee has another seat at the new time. Returns
-- the registrations that are still active.
create or replace function registrations_move(
  p_cafe_id uuid, p_tried_ids uuid[], p_clashing_ids uuid[], p_clash_decision text, p_by uuid, p_reason text
)
returns uuid[] language plpgsql as $$
declare
  v_offer_expires_at timestamptz := (select offer_expires_at(c.starts_at, c.ends_at) from cafe c where c.id = p_cafe_id);
  v_undone_ids uuid[]; -- their check-in ends
  v_ids uuid[];
begin
  v_undone_ids := array(
    select r.id from registration r where r.id = any (p_clashing_ids) and r.checked_in_at is not null and p_clash_decision = 'swap'
  );
  update registration r set
    cause = 'move', changed_by = p_by, reason = p_reason,
    overlapping = case when r.id = any (p_clashing_ids) then true when r.id = any (p_tried_ids) then false else r.overlapping end,
    status = case when r.id = any (p_clashing_ids) and p_clash_decision = 'swap' then 'offered' else r.status end,
    expires_at = case
      when r.id = any (p_clashing_ids) and p_clash_decision = 'swap' then v_offer_expires_at
      when r.status = 'offered' or (r.status = 'held' and r.waitlist_number is not null) then least(r.expires_at, v_offer_expires_at)
      else r.expires_at
    end,
    checked_in_at = case when r.id = any (p_clashing_ids) and p_clash_decision = 'swap' then null else r.checked_in_at end
  where r.cafe_id = p_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted');
  perform check_in_record(u.id, 'undone', 'move', null) from unnest(v_undone_ids) as u (id);
  if p_clash_decision = 'cancel' then
    perform seats_leave(p_clashing_ids, 'cancelled', 'organiser', p_by, p_reason);
  end if;
  select array_agg(r.id) into v_ids
  from registration r where r.cafe_id = p_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted');
  return coalesce(v_ids, '{}');
end
$$;
