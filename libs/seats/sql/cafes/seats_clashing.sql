-- Returns each registration of a Café that would overlap another registration of its attendee if the Café took place at this time, with
-- that other registration.
create or replace function seats_clashing(p_cafe_id uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns table (registration_id uuid, attendee_id uuid, other_registration_id uuid, other_cafe_id uuid) language sql stable as $$
  select r.id, r.attendee_id, o.id, o.cafe_id
  from registration r cross join lateral seats_in_the_way(r.attendee_id, p_starts_at, p_ends_at) o
  where r.cafe_id = p_cafe_id and r.status in ('offered', 'confirmed') and o.id <> r.id
$$;
