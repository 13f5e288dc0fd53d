-- Records a check-in or its undo, now. The Café is locked by the caller.
create or replace function check_in_record(p_registration_id uuid, p_kind check_in_kind, p_source check_in_source, p_by uuid) returns void language sql as $$
  insert into check_in (registration_id, cafe_id, event_id, kind, scanned_at, recorded_at, source, recorded_by)
  select r.id, r.cafe_id, s.event_id, p_kind, seats_now(), seats_now(), p_source, p_by
  from registration r join cafe_seats s on s.cafe_id = r.cafe_id where r.id = p_registration_id
$$;
