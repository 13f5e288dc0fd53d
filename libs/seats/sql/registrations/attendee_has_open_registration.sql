-- Whether an attendee has a seat or waits for one, also as a guest. There are two conditions, because two indexes find registrations by
-- attendee.
create or replace function attendee_has_open_registration(p_attendee_id uuid) returns boolean language sql stable as $$
  select exists (
    select from registration r
    where r.attendee_id = p_attendee_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
  ) or exists (
    select from registration r where r.attendee_id = p_attendee_id and r.status in ('held', 'waitlisted') and r.guest
  )
$$;
