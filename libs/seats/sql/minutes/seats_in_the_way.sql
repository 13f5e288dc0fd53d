-- Returns the registrations of an attendee that take minutes (takes_minutes) between these two instants.
create or replace function seats_in_the_way(p_attendee_id uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns setof registration language sql stable as $$
  select r.* from registration r join cafe c on c.id = r.cafe_id
  where r.attendee_id = p_attendee_id and takes_minutes(r) and c.starts_at < p_ends_at and p_starts_at < c.ends_at
$$;
