-- Accept an offer: the seat is the person's, and what they have at that time goes back, in one commit. Returns the outcome
-- and every registration changed.
create or replace function seats_accept(accepted_id uuid, accepting_attendee_id uuid)
returns table (outcome text, registration_ids uuid[]) language plpgsql as $$
declare
  offer registration;
  leaving_ids uuid[];
  locked_cafe_ids uuid[];
  from_at timestamptz;
  until_at timestamptz;
begin
  select c.starts_at, c.ends_at into from_at, until_at from registration r join cafe c on c.id = r.cafe_id where r.id = accepted_id;
  select array_agg(w.id order by w.id) into leaving_ids
  from seats_in_the_way(accepting_attendee_id, from_at, until_at) w where w.id <> accepted_id;
  locked_cafe_ids := seats_lock_around(leaving_ids || accepted_id, '{}');

  select * into offer from registration r where r.id = accepted_id;
  if offer.attendee_id is distinct from accepting_attendee_id then
    return query select 'registration-not-found', null::uuid[];
    return;
  elsif offer.status = 'confirmed' then
    return query select 'offer-accepted', null::uuid[];
    return;
  elsif offer.status = 'expired' or (offer.status = 'offered' and least(offer.expires_at, until_at) <= seats_now()) then
    return query select 'offer-expired', null::uuid[];
    return;
  elsif offer.status <> 'offered' then
    return query select 'no-offer', null::uuid[];
    return;
  end if;
  -- Their plan or the programme changed before we had the locks: decide again.
  if not exists (select from cafe c where c.id = offer.cafe_id and c.starts_at = from_at and c.ends_at = until_at)
    or leaving_ids is distinct from (
    select array_agg(w.id order by w.id) from seats_in_the_way(accepting_attendee_id, from_at, until_at) w where w.id <> accepted_id
  ) then
    raise exception 'the plan changed' using errcode = 'serialization_failure';
  end if;
  -- A seat in which the person sits already is not given back from afar.
  if exists (select from registration r where r.id = any (leaving_ids) and r.checked_in_at is not null) then
    return query select 'schedule-clash', null::uuid[];
    return;
  end if;

  registration_ids := coalesce(seats_leave(leaving_ids, 'cancelled', 'swap', null), '{}') || accepted_id;
  if offer.overlapping and take_minutes(array[offer.cafe_id], array[accepting_attendee_id]) = '{}' then
    raise exception 'the plan changed' using errcode = 'serialization_failure';
  end if;
  update registration r set
    status = 'confirmed', expires_at = null, overlapping = false, changed_by = null,
    cause = case when leaving_ids is null then 'acceptance' else 'swap' end::seat_cause
  where r.id = accepted_id;
  outcome := 'accepted';
  registration_ids := registration_ids || seats_move_up(locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$$;
