-- Part of seats_prove: turns one guest registration into a registration that its attendee owns. The caller has locked the Cafés.
create or replace function guest_registration_prove(p_guest registration) returns void language plpgsql as $$
declare
  -- A group with mode `all` gets its seats together.
  v_whole boolean := exists (select from delegation d where d.id = (p_guest).delegation_id and d.mode = 'all');
  v_has_seat boolean := (p_guest).status = 'held' or (not v_whole and seats_free((p_guest).cafe_id) > 0);
  v_takes_minutes boolean;
begin
  if exists (
    select from registration own
    where own.attendee_id = (p_guest).attendee_id and own.cafe_id = (p_guest).cafe_id
      and own.status in ('held', 'offered', 'confirmed', 'waitlisted') and not own.guest
  ) then
    perform seats_leave(array[(p_guest).id], 'cancelled', 'proof', null);
    return;
  end if;
  v_takes_minutes := v_has_seat and take_minutes(array[(p_guest).cafe_id], array[(p_guest).attendee_id]) <> '{}';
  update registration r set
    status = case when v_takes_minutes then 'confirmed' when r.status = 'held' then 'offered' else r.status end::registration_status,
    expires_at = case when not v_takes_minutes then r.expires_at end,
    overlapping = r.status = 'held' and not v_takes_minutes,
    guest = false, prove_by = null, cause = 'proof', changed_by = null
  where r.id = (p_guest).id;
end
$$;
