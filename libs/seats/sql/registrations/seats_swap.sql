-- Takes a seat in another Café and gives these registrations back, or changes nothing. A guest registration of the attendee in that Café
-- ends. Returns the outcome, the new registration, and every registration that changed.
create or replace function seats_swap(p_registration_ids uuid[], p_cafe_id uuid, p_attendee_id uuid)
returns table (outcome text, registration_id uuid, registration_ids uuid[]) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_left record;
  v_existing registration;
  v_target record;
  v_guest_id uuid := guest_registration_id(p_attendee_id, p_cafe_id);
begin
  v_locked_cafe_ids := seats_lock_around(p_registration_ids || array_remove(array[v_guest_id], null), array[p_cafe_id]);
  if v_guest_id is distinct from guest_registration_id(p_attendee_id, p_cafe_id) then
    raise exception 'the guest registration changed' using errcode = 'serialization_failure';
  end if;
  select
    bool_and(r.attendee_id is not distinct from p_attendee_id) as theirs, bool_or(r.cafe_id = p_cafe_id) as same,
    bool_or(r.status <> 'confirmed' or r.checked_in_at is not null) as over
  into v_left from unnest(p_registration_ids) as l (id) left join registration r on r.id = l.id;
  select s.state, c.ends_at into v_target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = p_cafe_id;
  select * into v_existing from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  outcome := case
    when v_left.theirs is not true then 'registration-not-found'
    when v_target.state is null or v_target.state = 'draft' then 'cafe-not-found'
    when v_left.same then 'same-cafe'
    when v_left.over then 'registration-over'
    when v_target.state <> 'open' or v_target.ends_at <= seats_now() then 'cafe-not-open'
    when v_existing.status <> 'waitlisted' then 'already-registered'
    else 'swapped'
  end;
  if outcome <> 'swapped' then
    return next;
    return;
  end if;

  begin
    registration_ids := seats_leave(p_registration_ids, 'cancelled', 'swap', null)
      || coalesce(seats_leave(array[v_guest_id], 'cancelled', 'proof', null), '{}');
    if seats_free(p_cafe_id) <= 0 then
      raise exception 'cafe-full' using errcode = 'CSEAT';
    end if;
    if take_minutes(array[p_cafe_id], array[p_attendee_id]) = '{}' then
      raise exception 'schedule-clash' using errcode = 'CSEAT';
    end if;
    if v_existing.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, created_at)
      values (p_cafe_id, p_attendee_id, 'confirmed', 'swap', seats_now())
      returning id into registration_id;
    else
      update registration r set status = 'confirmed', cause = 'swap', changed_by = null where r.id = v_existing.id;
      registration_id := v_existing.id;
    end if;
    registration_ids := registration_ids || registration_id || seats_move_up(v_locked_cafe_ids);
  exception when sqlstate 'CSEAT' then
    -- The changes since `begin` are rolled back.
    return query select sqlerrm, null::uuid, null::uuid[];
    return;
  end;
  perform pg_notify('outbox', '');
  return next;
end
$$;
