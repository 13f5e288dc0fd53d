-- Give a Café's free seats to the first in line who can take them. Its row and what it shares are locked by the caller. First the
-- people whose address is proved, in their order; what they leave goes to guest registrations (seats_move_guests_up).
--   Who can take one: a person who is free at that time; a person with one confirmed seat in the way, who is offered to swap
--   it; a group that asked for `all`, when there are seats for all of its people in line, and all of them are free.
--   How: confirmed; offered where the Café starts within two hours, or to swap.
create or replace function seats_move_line_up(line_cafe_id uuid) returns uuid[] language plpgsql as $$
declare
  cafe_starts_at timestamptz;
  cafe_ends_at timestamptz;
  free integer;
  passed_units uuid[] := '{}';   -- people and groups who cannot use what is free
  passed_now uuid[];
  taken_ids uuid[];
  taken_attendee_ids uuid[];
  taken_units uuid[];
  swapping boolean[];
  winners uuid[];
  losing_units uuid[];
  moved_ids uuid[] := '{}';
  moved_now uuid[];
begin
  select c.starts_at, c.ends_at into cafe_starts_at, cafe_ends_at from cafe c where c.id = line_cafe_id;
  -- Goes round again for a group that is passed over, and when somebody took a seat elsewhere at the same moment.
  while cafe_ends_at > seats_now() loop
    free := seats_free(line_cafe_id);
    exit when free <= 0;

    with line as (
      -- As many as could be seated, and the rest of the group that may stand at that end.
      select r.id, r.attendee_id, r.waitlist_number, coalesce(g.id, r.id) as unit, g.id is not null as whole, way.seats, way.movable
      from registration r
      left join delegation g on g.id = r.delegation_id and g.mode = 'all'
      cross join lateral (
        select count(*) as seats, coalesce(bool_and(o.status = 'confirmed' and o.checked_in_at is null), true) as movable
        from seats_in_the_way(r.attendee_id, cafe_starts_at, cafe_ends_at) o
      ) way
      where r.cafe_id = line_cafe_id and r.status = 'waitlisted' and coalesce(g.id, r.id) <> all (passed_units)
        and (g.id is not null or way.seats = 0 or (way.seats = 1 and way.movable))
        -- A group with a guest registration waits as one.
        and not r.guest and not exists (
          select from registration w where w.delegation_id = g.id and w.status = 'waitlisted' and w.guest
        )
      order by r.waitlist_number
      limit free + 20
    ),
    unit as (
      select
        l.unit, min(l.waitlist_number) as first, count(*) as need, bool_and(not l.whole or l.seats = 0) as able,
        bool_or(l.whole) and count(*) < (
          select count(*) from registration w where w.delegation_id = l.unit and w.status = 'waitlisted'
        ) as cut
      from line l group by l.unit
    ),
    queue as (
      select u.*, sum(u.need) filter (where u.able and not u.cut) over (order by u.first) as upto from unit u
    ),
    taking as (select q.unit from queue q where q.able and not q.cut and q.upto <= free)
    select
      array_agg(l.id order by l.waitlist_number) filter (where t.unit is not null),
      array_agg(l.attendee_id order by l.waitlist_number) filter (where t.unit is not null),
      array_agg(l.unit order by l.waitlist_number) filter (where t.unit is not null),
      array_agg(l.seats > 0 order by l.waitlist_number) filter (where t.unit is not null),
      -- Nobody fits: the first group that could does not, nor does one whose people are not free.
      (
        select array_agg(q.unit) from queue q
        where not q.cut and (not q.able or (q.need > free and q.upto = q.need))
      )
    into taken_ids, taken_attendee_ids, taken_units, swapping, passed_now
    from line l left join taking t on t.unit = l.unit;

    exit when taken_ids is null and passed_now is null;
    passed_units := passed_units || coalesce(passed_now, '{}');
    continue when taken_ids is null;

    -- Minutes for all but those who are offered to swap.
    select take_minutes(array_agg(line_cafe_id), array_agg(t.attendee_id)) into winners
    from unnest(taken_attendee_ids, swapping) as t (attendee_id, swap) where not t.swap;
    -- A group of whom one took a seat elsewhere meanwhile stays in line as a whole.
    select array_agg(distinct t.unit) into losing_units
    from unnest(taken_attendee_ids, taken_units, swapping) as t (attendee_id, unit, swap)
    where not t.swap and t.attendee_id <> all (coalesce(winners, '{}'));
    if losing_units is not null then
      perform give_back_minutes(array_agg(line_cafe_id), array_agg(t.attendee_id), array_agg(null::integer))
      from unnest(taken_attendee_ids, taken_units) as t (attendee_id, unit)
      where t.unit = any (losing_units) and t.attendee_id = any (winners)
      having count(*) > 0;
    end if;

    with moved as (
      update registration r set
        status = case
          when t.swap then 'offered'
          when cafe_starts_at <= seats_now() + interval '2 hours' then 'offered'
          else 'confirmed'
        end::registration_status,
        expires_at = case
          when t.swap or cafe_starts_at <= seats_now() + interval '2 hours' then offer_expires_at(cafe_starts_at, cafe_ends_at)
        end,
        overlapping = t.swap, cause = 'line', changed_by = null
      from unnest(taken_ids, taken_units, swapping) as t (id, unit, swap)
      where r.id = t.id and t.unit <> all (coalesce(losing_units, '{}'))
      returning r.id
    )
    select array_agg(m.id) into moved_now from moved m;
    moved_ids := moved_ids || coalesce(moved_now, '{}');
  end loop;
  if free > 0 and (select s.unproved_waiting > 0 from cafe_seats s where s.cafe_id = line_cafe_id) then
    moved_ids := moved_ids || seats_move_guests_up(line_cafe_id);
  end if;
  return moved_ids;
end
$$;
