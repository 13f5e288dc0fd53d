-- Returns the rows of the ledger about one registration.
create or replace function seat_ledger_of(p_registration_id uuid)
returns table (version bigint, id bigint, at timestamptz, what text, cause seat_cause, waitlist_number integer)
language sql stable as $$
  select e.versions[p.place], null::bigint, e.at, e.status::text, e.cause, e.waitlist_numbers[p.place]
  from registration r
  join seat_event_made e on e.at = r.created_at
  cross join lateral (select array_position(e.registration_ids, r.id) as place) p
  where r.id = p_registration_id and p.place is not null
  union all
  select e.version, e.id, e.at, e.what, e.cause, null
  from seat_event e where e.registration_ids @> array[p_registration_id]
$$;
