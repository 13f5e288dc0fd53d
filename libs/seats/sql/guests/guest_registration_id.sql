-- Returns the active guest registration of an attendee in a Café.
create or replace function guest_registration_id(p_attendee_id uuid, p_cafe_id uuid) returns uuid language sql stable as $$
  select r.id from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id and r.status in ('held', 'waitlisted') and r.guest
$$;
