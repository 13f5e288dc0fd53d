-- Part of seats_claim: returns the answers for all claims except `p_created_places`. The other lists of positions are those that
-- claims_give returned.
create or replace function claims_not_created(
  p_cafe_ids uuid[], p_attendee_ids uuid[], p_created_places integer[], p_fresh_places integer[], p_clashing_places integer[],
  p_guest_places integer[]
)
returns table (
  outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[],
  status registration_status, expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz
)
language sql stable as $$
  with answer as (
    select
      case
        when s.cafe_id is null or s.state = 'draft' then 'cafe-not-found'
        when i.place = any (p_guest_places) then 'guest-registration'
        when r.id is not null then 'existing'
        when f.place is null then 'cafe-not-open'
        when i.place in (select c.place from unnest(p_clashing_places) as c (place)) then 'schedule-clash'
        else 'cafe-full'
      end as outcome,
      i.place::integer, r.id, r.status, r.expires_at, r.checked_in_at, r.created_at,
      case when r.status = 'waitlisted' then waitlist_position(r.cafe_id, r.waitlist_number) end as position,
      case when r.id is not null then c.event_id end as event_id,
      case when r.id is not null then c.starts_at end as starts_at, case when r.id is not null then c.ends_at end as ends_at
    from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
    left join unnest(p_created_places) as d (place) on d.place = i.place
    left join cafe_seats s on s.cafe_id = i.cafe_id and s.cafe_id = any (p_cafe_ids)
    left join cafe c on c.id = i.cafe_id and c.id = any (p_cafe_ids)
    left join unnest(p_fresh_places) as f (place) on f.place = i.place
    left join lateral (
      select * from registration mine
      where f.place is null and mine.attendee_id = i.attendee_id and mine.cafe_id = i.cafe_id
        and mine.status in ('held', 'offered', 'confirmed', 'waitlisted') and not mine.guest
      union all
      select * from registration theirs
      where i.place = any (p_guest_places) and theirs.attendee_id = i.attendee_id and theirs.cafe_id = i.cafe_id
        and theirs.status in ('held', 'waitlisted') and theirs.guest
      limit 1
    ) r on true
    where d.place is null
  )
  select
    a.outcome, array_agg(a.place), array_agg(a.id), array_agg(a.position), a.status, a.expires_at, a.checked_in_at, a.created_at,
    a.event_id, a.starts_at, a.ends_at
  from answer a
  group by a.outcome, a.status, a.expires_at, a.checked_in_at, a.created_at, a.event_id, a.starts_at, a.ends_at
$$;
