-- Checks an attendee in. Returns the outcome.
create or replace function seats_check_in(p_registration_id uuid, p_cafe_id uuid, p_by uuid)
returns text language plpgsql as $$
declare
  v_registration registration;
begin
  perform 1 from cafe_seats s
  where s.cafe_id = (select r.cafe_id from registration r where r.id = p_registration_id) for update;
  select * into v_registration from registration r where r.id = p_registration_id;
  if v_registration.id is null then return 'registration-not-found'; end if;
  if v_registration.cafe_id <> p_cafe_id then return 'wrong-cafe'; end if;
  if v_registration.status <> 'confirmed' then return 'not-confirmed'; end if;
  if v_registration.checked_in_at is not null then return 'already-checked-in'; end if;

  perform check_in_record(p_registration_id, 'in', 'list', p_by);
  return 'checked-in';
end
$$;
