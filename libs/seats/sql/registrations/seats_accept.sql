-- Accepts an offer in one commit: the seat is confirmed, and the other seats of the attendee at that time end. Returns the outcome and
-- every registration that changed.
create or replace function seats_accept(p_registration_id uuid, p_attendee_id uuid)
returns table (outcome text, registration_ids uuid[]) language plpgsql as $$
declare
  v_offer registration;
  v_leaving_ids uuid[];
  v_locked_cafe_ids uuid[];
  v_starts_at timestamptz;
  v_ends_at timestamptz;
begin
  select c.starts_at, c.ends_at into v_starts_at, v_ends_at from registration r join cafe c on c.id = r.cafe_id where r.id = p_registration_id;
  select array_agg(w.id order by w.id) into v_leaving_ids
  from seats_in_the_way(p_attendee_id, v_starts_at, v_ends_at) w where w.id <> p_registration_id;
  v_locked_cafe_ids := seats_lock_around(v_leaving_ids || p_registration_id, '{}');

  select * into v_offer from registration r where r.id = p_registration_id;
  if v_offer.attendee_id is distinct from p_attendee_id then
    return query select 'registration-not-found', null::uuid[];
    return;
  elsif v_offer.status = 'confirmed' then
    return query select 'offer-accepted', null::uuid[];
    return;
  elsif v_offer.status = 'expired' or (v_offer.status = 'offered' and least(v_offer.expires_at, v_ends_at) <= seats_now()) then
    return query select 'offer-expired', null::uuid[];
    return;
  elsif v_offer.status <> 'offered' then
    return query select 'no-offer', null::uuid[];
    return;
  end if;
  -- The seats of the attendee at that time, or the times of the Café, changed before this transaction had its locks. The caller retries.
  if not exists (select from cafe c where c.id = v_offer.cafe_id and c.starts_at = v_starts_at and c.ends_at = v_ends_at)
    or v_leaving_ids is distinct from (
    select array_agg(w.id order by w.id) from seats_in_the_way(p_attendee_id, v_starts_at, v_ends_at) w where w.id <> p_registration_id
  ) then
    raise exception 'the seats of the attendee changed' using errcode = 'serialization_failure';
  end if;
  -- An attendee who is checked in there does not give that seat back.
  if exists (select from registration r where r.id = any (v_leaving_ids) and r.checked_in_at is not null) then
    return query select 'schedule-clash', null::uuid[];
    return;
  end if;

  registration_ids := coalesce(seats_leave(v_leaving_ids, 'cancelled', 'swap', null), '{}') || p_registration_id;
  if v_offer.overlapping and take_minutes(array[v_offer.cafe_id], array[p_attendee_id]) = '{}' then
    raise exception 'the seats of the attendee changed' using errcode = 'serialization_failure';
  end if;
  update registration r set
    status = 'confirmed', expires_at = null, overlapping = false, changed_by = null,
    cause = case when v_leaving_ids is null then 'acceptance' else 'swap' end::seat_cause
  where r.id = p_registration_id;
  outcome := 'accepted';
  registration_ids := registration_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$$;
