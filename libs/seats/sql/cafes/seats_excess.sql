-- The registrations whose seats a Café of this capacity does not have: the last that were given. Null where it has all of them.
create or replace function seats_excess(p_cafe_id uuid, p_capacity integer) returns uuid[] language sql stable as $$
  select array_agg(last.id) from (
    select r.id from registration r
    where r.cafe_id = p_cafe_id and r.status in ('held', 'offered', 'confirmed')
    order by r.created_at desc, r.id desc
    limit (select greatest(s.taken - p_capacity, 0) from cafe_seats s where s.cafe_id = p_cafe_id)
  ) last
$$;
