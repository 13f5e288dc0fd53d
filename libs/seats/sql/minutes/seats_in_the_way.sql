-- A person's own seats that take their minutes at some time between these two. A guest registration takes none.
create or replace function seats_in_the_way(asked_attendee_id uuid, from_at timestamptz, until_at timestamptz)
returns setof registration language sql stable as $$
  select r.* from registration r join cafe c on c.id = r.cafe_id
  where r.attendee_id = asked_attendee_id and r.status in ('offered', 'confirmed') and not r.guest and not r.overlapping
    and c.starts_at < until_at and from_at < c.ends_at
$$;
