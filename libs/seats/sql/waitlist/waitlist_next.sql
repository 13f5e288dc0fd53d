-- Part of seats_move_waitlist_up: returns the registrations that get one of `p_free` seats next, in the order of their waitlist numbers.
-- Guest registrations, and groups with one, are left out.
--
-- A unit is one attendee, or a group whose delegate asked for `all`; its id is that of the registration or the delegation. `ids`,
-- `attendee_ids`, `units` and `swaps` have one element for each registration. `swaps`: the attendee has one confirmed seat at that time and
-- gets an offer to swap it. `passed_units`: when no unit fits, the units that cannot use the free seats; the caller passes them as
-- `p_passed_units`. When both `ids` and `passed_units` are null, no unit is left.
create or replace function waitlist_next(
  p_cafe_id uuid, p_free integer, p_passed_units uuid[],
  out ids uuid[], out attendee_ids uuid[], out units uuid[], out swaps boolean[], out passed_units uuid[]
)
language sql stable as $$
  with waiting as (
    -- Reads beyond the free seats, so that the last group is complete.
    select r.id, r.attendee_id, r.waitlist_number, coalesce(g.id, r.id) as unit, g.id is not null as whole, way.seats
    from registration r
    join cafe c on c.id = r.cafe_id
    left join delegation g on g.id = r.delegation_id and g.mode = 'all'
    cross join lateral (
      select count(*) as seats, coalesce(bool_and(o.status = 'confirmed' and o.checked_in_at is null), true) as movable
      from seats_in_the_way(r.attendee_id, c.starts_at, c.ends_at) o
    ) way
    where r.cafe_id = p_cafe_id and r.status = 'waitlisted' and coalesce(g.id, r.id) <> all (p_passed_units)
      and (g.id is not null or way.seats = 0 or (way.seats = 1 and way.movable))
      and not r.guest and not exists (
        select from registration w where w.delegation_id = g.id and w.status = 'waitlisted' and w.guest
      )
    order by r.waitlist_number
    limit p_free + waitlist_look_ahead()
  ),
  unit as (
    select
      w.unit, min(w.waitlist_number) as first, count(*) as need, bool_and(not w.whole or w.seats = 0) as able,
      -- Whether the limit left out a part of the group.
      bool_or(w.whole) and count(*) < (
        select count(*) from registration r where r.delegation_id = w.unit and r.status = 'waitlisted'
      ) as cut
    from waiting w group by w.unit
  ),
  queue as (
    select u.*, sum(u.need) filter (where u.able and not u.cut) over (order by u.first) as upto from unit u
  ),
  taking as (select q.unit from queue q where q.able and not q.cut and q.upto <= p_free)
  select
    array_agg(w.id order by w.waitlist_number) filter (where t.unit is not null),
    array_agg(w.attendee_id order by w.waitlist_number) filter (where t.unit is not null),
    array_agg(w.unit order by w.waitlist_number) filter (where t.unit is not null),
    array_agg(w.seats > 0 order by w.waitlist_number) filter (where t.unit is not null),
    (
      select array_agg(q.unit) from queue q
      where not q.cut and (not q.able or (q.need > p_free and q.upto = q.need))
    )
  from waiting w left join taking t on t.unit = w.unit
$$;
