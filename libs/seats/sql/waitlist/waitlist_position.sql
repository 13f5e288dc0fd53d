-- Returns the position of a waitlist number: the number of registrations that wait before it, plus one.
create or replace function waitlist_position(p_cafe_id uuid, p_waitlist_number integer) returns integer language sql stable as $$
  select count(*)::integer + 1 from registration r
  where r.cafe_id = p_cafe_id and r.status = 'waitlisted' and r.waitlist_number < p_waitlist_number
$$;
