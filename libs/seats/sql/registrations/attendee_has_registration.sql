-- Whether an attendee has a registration, active or ended.
create or replace function attendee_has_registration(p_attendee_id uuid) returns boolean language sql stable as $$
  select attendee_has_open_registration(p_attendee_id) or exists (
    select from registration r where r.attendee_id = p_attendee_id and r.status in ('cancelled', 'expired')
  )
$$;
