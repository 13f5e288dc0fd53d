-- The ledger's row of what a Café is from now on. Its counter row is locked by the caller and has the version already.
create or replace function seat_event_of_cafe(told_cafe_ids uuid[], told_cause seat_cause, told_by uuid) returns void language sql as $$
  insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, cafe)
  select
    s.cafe_id, s.version, seats_now(), 'cafe', told_cause, told_by, '{}', '{}',
    jsonb_build_object(
      'capacity', s.capacity, 'target', s.target_capacity, 'state', s.state, 'waitlistOpen', s.waitlist_open,
      'roomId', c.room_id, 'startsAt', c.starts_at, 'endsAt', c.ends_at
    )
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = any (told_cafe_ids)
$$;
