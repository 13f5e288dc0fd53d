-- Turns these guest registrations of an attendee into own registrations, because the attendee proved the address or accepted them. A held
-- one is confirmed when the attendee is free at that time; otherwise it becomes an offer to swap that expires when the hold would have
-- expired. A waiting one is confirmed when a seat is free and the attendee is free; otherwise it keeps its place in the waitlist. When the
-- attendee has an own registration in the Café, the guest registration ends. A registration that has expired by the clock of the database
-- does not change. `p_by_claim`: mails or claim tokens of these registrations proved the address, so claim tokens may show the result.
-- Returns every registration that changed.
create or replace function seats_prove(p_attendee_id uuid, p_registration_ids uuid[], p_by_claim boolean)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  v_guest_ids uuid[] := array(
    select r.id from registration r
    where r.id = any (p_registration_ids) and r.attendee_id = p_attendee_id and r.guest and r.status in ('held', 'waitlisted')
  );
  v_locked_cafe_ids uuid[];
  v_guest registration;
  v_changed_ids uuid[] := '{}';
begin
  if v_guest_ids = '{}' then
    return;
  end if;
  v_locked_cafe_ids := seats_lock_around(v_guest_ids, '{}');
  for v_guest in select r.* from registration r where r.id = any (v_guest_ids) and guest_registration_is_open(r) order by r.id loop
    perform guest_registration_prove(v_guest);
    v_changed_ids := v_changed_ids || v_guest.id;
  end loop;
  if v_changed_ids <> '{}' then
    v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
    update guest_outcome o set proved = true, status = r.status, until = seats_now() + guest_outcome_time()
    from registration r where p_by_claim and r.id = any (v_guest_ids) and o.registration_id = r.id;
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$$;
