-- Whether a guest registration can still be confirmed: it has not expired, and its Café is not over.
create or replace function guest_registration_is_open(p_registration registration) returns boolean language sql stable as $$
  select (p_registration).guest and (p_registration).status in ('held', 'waitlisted')
    and coalesce((p_registration).expires_at, (p_registration).prove_by, 'infinity') > seats_now()
    and exists (select from cafe c where c.id = (p_registration).cafe_id and c.ends_at > seats_now())
$$;
