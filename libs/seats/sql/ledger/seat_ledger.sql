-- Combines both tables of the ledger: one row for each registration (or Café). The rows of a Café, ordered by `version`, then `id` (nulls
-- first), are its history.
create or replace view seat_ledger as
select
  m.cafe_id, m.version, null::bigint as id, r.at, r.status::text as what, r.cause, r.changed_by, m.registration_id, m.attendee_id,
  m.waitlist_number, r.expires_at, r.overlapping, null::jsonb as cafe
from seat_event_made r
cross join lateral unnest(r.cafe_ids, r.versions, r.registration_ids, r.attendee_ids, r.waitlist_numbers)
  as m (cafe_id, version, registration_id, attendee_id, waitlist_number)
union all
select
  e.cafe_id, e.version, e.id, e.at, e.what, e.cause, e.changed_by, m.registration_id, m.attendee_id,
  null, e.expires_at, e.overlapping, e.cafe
from seat_event e left join lateral unnest(e.registration_ids, e.attendee_ids) as m (registration_id, attendee_id) on true;
