-- Returns the registrations that have expired by the clock of this database, `p_max` at most, the longest overdue first: holds, offers,
-- times to prove an address, and places in the waitlist of a Café that is over.
create or replace function seats_due(p_max integer) returns setof uuid language sql stable as $$
  select due.id from (
    (select r.id from registration r where r.expires_at <= seats_now() order by r.expires_at limit p_max)
    union all
    (select r.id from registration r where r.prove_by <= seats_now() order by r.prove_by limit p_max)
    union all
    (
      select r.id from cafe_seats s join cafe c on c.id = s.cafe_id join registration r on r.cafe_id = s.cafe_id
      where s.waitlisted > 0 and c.ends_at <= seats_now() and r.status = 'waitlisted'
      limit p_max
    )
  ) due limit p_max
$$;
