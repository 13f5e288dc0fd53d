-- Check a person in. Returns what the door is told.
create or replace function seats_check_in(checked_registration_id uuid, door_cafe_id uuid, checking_attendee_id uuid)
returns text language plpgsql as $$
declare
  found_registration registration;
begin
  perform 1 from cafe_seats s
  where s.cafe_id = (select r.cafe_id from registration r where r.id = checked_registration_id) for update;
  select * into found_registration from registration r where r.id = checked_registration_id;
  if found_registration.id is null then return 'registration-not-found'; end if;
  if found_registration.cafe_id <> door_cafe_id then return 'wrong-cafe'; end if;
  if found_registration.status <> 'confirmed' then return 'not-confirmed'; end if;
  if found_registration.checked_in_at is not null then return 'already-checked-in'; end if;

  update registration r
  set checked_in_at = seats_now(), cause = 'check-in', changed_by = checking_attendee_id
  where r.id = checked_registration_id;
  return 'checked-in';
end
$$;
