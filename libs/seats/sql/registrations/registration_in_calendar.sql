-- Returns the Café of a registration that was once confirmed, so that it may be in a calendar, and the version of the Café. Returns no row
-- when the Café is over.
create or replace function registration_in_calendar(p_registration_id uuid)
returns table (cafe_id uuid, version bigint) language sql stable as $$
  select r.cafe_id, s.version
  from registration r join cafe c on c.id = r.cafe_id join cafe_seats s on s.cafe_id = r.cafe_id
  where r.id = p_registration_id and c.ends_at > seats_now()
    and exists (select from seat_ledger_of(r.id) l where l.what = 'confirmed')
$$;
