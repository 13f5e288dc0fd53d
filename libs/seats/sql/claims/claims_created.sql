-- Part of seats_claim: returns the answers for the registrations that it made, by event and times. `p_numbers`: their waitlist numbers;
-- null when they are confirmed.
create or replace function claims_created(p_cafe_ids uuid[], p_places integer[], p_ids uuid[], p_numbers integer[])
returns table (
  outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[],
  status registration_status, expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz
)
language sql stable as $$
  select
    'created', array_agg(l.place), array_agg(l.id),
    -- They are the last ones of their waitlist, and their numbers have no gaps.
    case when p_numbers is not null then array_agg(s.waitlisted - (s.last_waitlist_number - l.number)) end,
    case when p_numbers is null then 'confirmed' else 'waitlisted' end::registration_status, null::timestamptz, null::timestamptz, seats_now(),
    c.event_id, c.starts_at, c.ends_at
  from unnest(p_places, p_ids, p_numbers) as l (place, id, number)
  join cafe_seats s on s.cafe_id = p_cafe_ids[l.place]
  join cafe c on c.id = s.cafe_id
  where s.cafe_id = any (p_cafe_ids) and c.id = any (p_cafe_ids)
  group by c.event_id, c.starts_at, c.ends_at
$$;
