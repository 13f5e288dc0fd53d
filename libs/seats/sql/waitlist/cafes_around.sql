-- Returns the Cafés that may change when these registrations end: their Cafés, the given Cafés, the Cafés in whose waitlists their
-- attendees are, and the Cafés that share a room with any of these. The order is that in which their waitlists move up: first the Cafés
-- that get a seat back.
create or replace function cafes_around(p_registration_ids uuid[], p_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  v_freed_cafe_ids uuid[] := array(select distinct r.cafe_id from registration r where r.id = any (p_registration_ids));
begin
  return array(
    with own as (select unnest(v_freed_cafe_ids || p_cafe_ids) as cafe_id),
    around as (
      select own.cafe_id from own
      union
      select w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
      where r.id = any (p_registration_ids) and w.status = 'waitlisted' and not w.guest
      union
      select other.id
      from own join cafe c on c.id = own.cafe_id join cafe_seats s on s.cafe_id = c.id and s.pooled
      join cafe other on other.room_id = c.room_id and other.starts_at < c.ends_at and c.starts_at < other.ends_at
    )
    select a.cafe_id from around a order by a.cafe_id <> all (v_freed_cafe_ids), a.cafe_id
  );
end
$$;
