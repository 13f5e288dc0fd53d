-- Writes the new state of these Cafés into the ledger. The caller has locked their counts and increased their versions.
create or replace function seat_event_of_cafe(p_cafe_ids uuid[], p_cause seat_cause, p_by uuid) returns void language sql as $$
  insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, event_id, cafe)
  select
    s.cafe_id, s.version, seats_now(), 'cafe', p_cause, p_by, '{}', '{}', s.event_id,
    jsonb_build_object(
      'capacity', s.capacity, 'target', s.target_capacity, 'state', s.state, 'waitlistOpen', s.waitlist_open,
      'roomId', c.room_id, 'startsAt', c.starts_at, 'endsAt', c.ends_at
    )
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = any (p_cafe_ids)
$$;
