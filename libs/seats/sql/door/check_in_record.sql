-- Records a check-in or its undo. `p_scanned_at`: when the attendee came, by the clock of the device (null: now). The recorded time is not
-- before the registration and not after now, because that clock may be wrong. The caller has locked the Café.
create or replace function check_in_record(
  p_registration_id uuid, p_kind check_in_kind, p_source check_in_source, p_by uuid,
  p_scanned_at timestamptz default null, p_client_id uuid default null, p_device text default null
)
returns void language sql as $$
  insert into check_in (registration_id, cafe_id, event_id, kind, scanned_at, recorded_at, source, recorded_by, client_id, device)
  select
    r.id, r.cafe_id, s.event_id, p_kind, least(greatest(coalesce(p_scanned_at, seats_now()), r.created_at), seats_now()), seats_now(),
    p_source, p_by, p_client_id, p_device
  from registration r join cafe_seats s on s.cafe_id = r.cafe_id where r.id = p_registration_id
$$;
