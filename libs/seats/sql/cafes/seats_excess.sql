-- Returns the registrations that have no seat in a Café of this capacity: those whose seats were given last. Null when all of them have
-- one.
create or replace function seats_excess(p_cafe_id uuid, p_capacity integer) returns uuid[] language sql stable as $$
  select array_agg(last.id) from (
    select r.id from registration r
    where r.cafe_id = p_cafe_id and r.status in ('held', 'offered', 'confirmed')
    order by r.created_at desc, r.id desc
    limit (select greatest(s.taken - p_capacity, 0) from cafe_seats s where s.cafe_id = p_cafe_id)
  ) last
$$;
