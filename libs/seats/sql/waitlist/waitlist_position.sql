-- Where a number stands in its line: one more than those before it.
create or replace function waitlist_position(line_cafe_id uuid, number integer) returns integer language sql stable as $$
  select count(*)::integer + 1 from registration r
  where r.cafe_id = line_cafe_id and r.status = 'waitlisted' and r.waitlist_number < number
$$;
