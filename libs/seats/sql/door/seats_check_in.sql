-- Checks an attendee in. A check-in whose `p_client_id` is recorded already is not recorded again: its outcome is that of the first time,
-- also after an undo. It is refused when the recorded check-in is of another registration or Café. Returns the outcome.
create or replace function seats_check_in(
  p_registration_id uuid, p_cafe_id uuid, p_by uuid, p_source check_in_source default 'list',
  p_scanned_at timestamptz default null, p_client_id uuid default null, p_device text default null
)
returns text language plpgsql as $$
declare
  v_registration registration;
  v_recorded check_in;
begin
  perform 1 from cafe_seats s
  where s.cafe_id = (select r.cafe_id from registration r where r.id = p_registration_id) for update;
  select * into v_registration from registration r where r.id = p_registration_id;
  if v_registration.id is null then return 'registration-not-found'; end if;
  select * into v_recorded from check_in i where i.client_id = p_client_id;
  if v_recorded.id is not null then
    return case
      when (v_recorded.registration_id, v_recorded.cafe_id) = (p_registration_id, p_cafe_id) then 'checked-in'
      else 'idempotency-mismatch'
    end;
  end if;
  if v_registration.cafe_id <> p_cafe_id then return 'wrong-cafe'; end if;
  if v_registration.status <> 'confirmed' then return 'not-confirmed'; end if;
  if v_registration.checked_in_at is not null then return 'already-checked-in'; end if;

  perform check_in_record(p_registration_id, 'in', p_source, p_by, p_scanned_at, p_client_id, p_device);
  return 'checked-in';
exception when unique_violation then
  -- Another Café recorded the client id in the meantime. A check-in of the same Café would have waited for the lock.
  return 'idempotency-mismatch';
end
$$;
