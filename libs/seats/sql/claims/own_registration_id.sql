-- Returns the active registration of an attendee in a Café, not a guest registration.
create or replace function own_registration_id(p_attendee_id uuid, p_cafe_id uuid) returns uuid language sql stable as $$
  select r.id from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
$$;
