-- Seat a person who stands at the door, and check them in; a guest registration of theirs becomes their own. Returns the outcome and the registration.
create or replace function seats_walk_in(door_cafe_id uuid, walking_attendee_id uuid, checking_attendee_id uuid)
returns table (outcome text, registration_id uuid) language plpgsql as $$
declare
  target record;
  there registration;
begin
  perform 1 from cafe_seats s where s.cafe_id = door_cafe_id for update;
  perform room_slots_lock(array[door_cafe_id]);
  select s.state, c.ends_at into target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = door_cafe_id;
  select * into there from registration r
  where r.attendee_id = walking_attendee_id and r.cafe_id = door_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  if there.id is null then
    select * into there from registration r where r.id = guest_registration_id(walking_attendee_id, door_cafe_id);
  end if;
  outcome := case
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when target.state = 'cancelled' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.checked_in_at is not null then 'already-checked-in'
    -- A seat of theirs is kept already; else there must be a free one.
    when coalesce(there.status, 'waitlisted') = 'waitlisted' and seats_free(door_cafe_id) <= 0 then 'cafe-full'
    when there.overlapping and there.status = 'offered' then 'schedule-clash'
    when coalesce(there.status, 'waitlisted') in ('waitlisted', 'held')
      and take_minutes(array[door_cafe_id], array[walking_attendee_id]) = '{}' then 'schedule-clash'
    else 'checked-in'
  end;
  registration_id := there.id;
  if outcome = 'checked-in' then
    if there.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, changed_by, created_at)
      values (door_cafe_id, walking_attendee_id, 'confirmed', 'walk-in', checking_attendee_id, seats_now())
      returning id into registration_id;
    elsif there.status <> 'confirmed' then
      update registration r set
        status = 'confirmed', expires_at = null, guest = false, prove_by = null, cause = 'walk-in', changed_by = checking_attendee_id
      where r.id = there.id;
    end if;
    update registration r
    set checked_in_at = seats_now(), cause = 'walk-in', changed_by = checking_attendee_id
    where r.id = seats_walk_in.registration_id;
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$$;
