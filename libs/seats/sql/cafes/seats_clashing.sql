-- Whose seats would clash if this Café were at another time: the seat here, and the one in the way.
create or replace function seats_clashing(moved_cafe_id uuid, new_starts_at timestamptz, new_ends_at timestamptz)
returns table (registration_id uuid, attendee_id uuid, other_registration_id uuid, other_cafe_id uuid) language sql stable as $$
  select r.id, r.attendee_id, o.id, o.cafe_id
  from registration r cross join lateral seats_in_the_way(r.attendee_id, new_starts_at, new_ends_at) o
  where r.cafe_id = moved_cafe_id and r.status in ('offered', 'confirmed') and o.id <> r.id
$$;
