-- The end of the last Café in which an attendee has a registration, also one that ended; null without any. Two branches, one for each index
-- that finds registrations by attendee.
create or replace function attendee_cafes_over_at(p_attendee_id uuid) returns timestamptz language sql stable as $$
  select greatest(
    (
      select max(c.ends_at) from registration r join cafe c on c.id = r.cafe_id
      where r.attendee_id = p_attendee_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
    ),
    (
      select max(c.ends_at) from registration r join cafe c on c.id = r.cafe_id
      where r.attendee_id = p_attendee_id and r.status in ('cancelled', 'expired')
    )
  )
$$;
