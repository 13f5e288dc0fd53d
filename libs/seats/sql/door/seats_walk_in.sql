-- Gives a seat to an attendee at the door and checks the attendee in. A guest registration of the attendee becomes their own. A walk-in
-- whose `p_client_id` is recorded in the Café changes nothing, and its outcome is that of the first time. Returns the outcome and the
-- registration.
create or replace function seats_walk_in(p_cafe_id uuid, p_attendee_id uuid, p_by uuid, p_client_id uuid default null)
returns table (outcome text, registration_id uuid) language plpgsql as $$
declare
  v_target record;
  v_existing registration;
begin
  perform 1 from cafe_seats s where s.cafe_id = p_cafe_id for update;
  perform room_slots_lock(array[p_cafe_id]);
  select i.registration_id into registration_id from check_in i where i.client_id = p_client_id and i.cafe_id = p_cafe_id;
  if registration_id is not null then
    outcome := 'checked-in';
    return next;
    return;
  end if;
  select s.state, c.ends_at into v_target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = p_cafe_id;
  select * into v_existing from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  if v_existing.id is null then
    select * into v_existing from registration r where r.id = guest_registration_id(p_attendee_id, p_cafe_id);
  end if;
  outcome := case
    when v_target.state is null or v_target.state = 'draft' then 'cafe-not-found'
    when v_target.state = 'cancelled' or v_target.ends_at <= seats_now() then 'cafe-not-open'
    when v_existing.checked_in_at is not null then 'already-checked-in'
    -- An attendee who has a seat keeps it; another attendee needs a free one.
    when coalesce(v_existing.status, 'waitlisted') = 'waitlisted' and seats_free(p_cafe_id) <= 0 then 'cafe-full'
    when v_existing.overlapping and v_existing.status = 'offered' then 'schedule-clash'
    when coalesce(v_existing.status, 'waitlisted') in ('waitlisted', 'held')
      and take_minutes(array[p_cafe_id], array[p_attendee_id]) = '{}' then 'schedule-clash'
    else 'checked-in'
  end;
  registration_id := v_existing.id;
  if outcome = 'checked-in' then
    if v_existing.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, changed_by, created_at)
      values (p_cafe_id, p_attendee_id, 'confirmed', 'walk-in', p_by, seats_now())
      returning id into registration_id;
    elsif v_existing.status <> 'confirmed' then
      update registration r set
        status = 'confirmed', expires_at = null, guest = false, prove_by = null, cause = 'walk-in', changed_by = p_by
      where r.id = v_existing.id;
    end if;
    perform check_in_record(registration_id, 'in', 'walk-in', p_by, p_client_id => p_client_id);
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$$;
