-- The seat engine's transactions. Owner: libs/seats; nobody else calls them, but for cafe_seats_open and
-- cafe_seats_taken (libs/programme).
--
-- Locks, always in this order:
--   1. the rows of cafe_seats that a change touches, by cafe_id: whoever has them decides about those Cafés alone, so
--      counting, giving and queueing need no further care; waiting for them is the line in which commits happen;
--   2. rows of attendee_day, by attendee within a statement: two Cafés may want the same person's minutes at once.
-- A change that takes 2 twice (release, then move up) can meet another such one crosswise; Postgres then ends one of
-- them (40P01), nothing of it remains, and the caller runs it again.

-- The counter row of a new Café.
create function cafe_seats_open(cafe_id uuid, capacity integer, state cafe_state, waitlist_open boolean)
returns void language sql as $$
  insert into cafe_seats (cafe_id, capacity, state, waitlist_open) values ($1, $2, $3, $4)
$$;

-- Whether a Café has seats taken; nobody takes one from then on until the transaction ends. Asked before it is moved.
create function cafe_seats_taken(asked_cafe_id uuid) returns boolean language sql as $$
  select s.taken > 0 from cafe_seats s where s.cafe_id = asked_cafe_id for update
$$;

-- The minutes that a Café takes of each UTC day that it touches.
create function minutes_of(starts_at timestamptz, ends_at timestamptz)
returns table (day integer, minutes bit(1440)) language sql immutable as $$
  select d.day, (repeat('0', m.first) || repeat('1', m.next - m.first) || repeat('0', 1440 - m.next))::bit(1440)
  from (select (extract(epoch from starts_at) / 60)::bigint, (extract(epoch from ends_at) / 60)::bigint) as span (first, next)
  cross join lateral generate_series((span.first / 1440)::integer, ((span.next - 1) / 1440)::integer) as d (day)
  cross join lateral (
    select greatest(span.first - d.day * 1440::bigint, 0)::integer, least(span.next - d.day * 1440::bigint, 1440)::integer
  ) as m (first, next)
$$;

-- Take a Café's minutes for each of these people (each named once), where all of them are free. Returns who has them now.
create function take_minutes(wanted_cafe_ids uuid[], wanted_attendee_ids uuid[])
returns uuid[] language plpgsql as $$
declare
  winners uuid[];
  half_cafe_ids uuid[];
  half_attendee_ids uuid[];
  half_days integer[];
begin
  with minutes as (
    select c.id as cafe_id, m.day, m.minutes, count(*) over (partition by c.id) as days
    from cafe c cross join lateral minutes_of(c.starts_at, c.ends_at) m
    where c.id = any (wanted_cafe_ids)
  ),
  wanted as (
    select w.cafe_id, w.attendee_id, m.day, m.minutes, m.days
    from unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id) join minutes m using (cafe_id)
  ),
  -- A person whose minutes are taken keeps them: the row is left as it is and not returned.
  taken as (
    insert into attendee_day as mine (attendee_id, day, busy, busy_minutes)
    select w.attendee_id, w.day, w.minutes, bit_count(w.minutes) from wanted w order by w.attendee_id, w.day
    on conflict (attendee_id, day) do update
      set busy = mine.busy | excluded.busy, busy_minutes = mine.busy_minutes + excluded.busy_minutes
      where bit_count(mine.busy & excluded.busy) = 0
    returning attendee_id, day
  ),
  -- A Café over midnight takes minutes of two days: whoever got one and not the other got half.
  got as (
    select w.cafe_id, w.attendee_id, w.day, count(*) over (partition by w.attendee_id) = w.days as whole
    from taken t join wanted w using (attendee_id, day)
  )
  select
    array_agg(distinct attendee_id) filter (where whole), array_agg(cafe_id) filter (where not whole),
    array_agg(attendee_id) filter (where not whole), array_agg(day) filter (where not whole)
  into winners, half_cafe_ids, half_attendee_ids, half_days from got;

  if half_days is not null then
    perform give_back_minutes(half_cafe_ids, half_attendee_ids, half_days);
  end if;
  return coalesce(winners, '{}');
end
$$;

-- Give Cafés' minutes back for these people: those of the day named, or of every day where it is null.
create function give_back_minutes(given_cafe_ids uuid[], given_attendee_ids uuid[], given_days integer[])
returns void language sql as $$
  with given as (
    select g.attendee_id, m.day, bit_or(m.minutes) as minutes, sum(bit_count(m.minutes))::integer as count
    from unnest(given_cafe_ids, given_attendee_ids, given_days) as g (cafe_id, attendee_id, day)
    join cafe c on c.id = g.cafe_id
    cross join lateral minutes_of(c.starts_at, c.ends_at) m
    where g.day is null or g.day = m.day
    group by g.attendee_id, m.day
  )
  update attendee_day mine set busy = mine.busy & ~given.minutes, busy_minutes = mine.busy_minutes - given.count
  from given where mine.attendee_id = given.attendee_id and mine.day = given.day
$$;

-- A batch of claims, in the order of arrival; each person at most once in a batch.
-- Returns a row a claim: what became of it and the registration; and with the first claim of each Café, the Café's event,
-- times and counts after the batch.
create function seats_claim(
  claimed_cafe_ids uuid[], claiming_attendee_ids uuid[], proved boolean[], challenge_ids uuid[], hold_ttl interval
)
returns table (
  place integer, outcome text, registration_id uuid, status registration_status, waitlist_position integer,
  expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz,
  version bigint, capacity integer, taken integer, waitlisted integer, present integer
)
language plpgsql as $$
declare
  fresh_places integer[];   -- claims on open Cafés by people who are not in them yet
  open_places integer[];    -- those of them not decided yet
  tried_places integer[];
  seated_attendee_ids uuid[];
  clashing_places integer[] := '{}';
begin
  -- The one lock: from here on nobody else gives or frees a seat of these Cafés until we commit.
  perform 1 from cafe_seats s where s.cafe_id = any (claimed_cafe_ids) order by s.cafe_id for update;

  select array_agg(i.place order by i.place) into fresh_places
  from unnest(claimed_cafe_ids, claiming_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  join cafe_seats s on s.cafe_id = i.cafe_id
  join cafe c on c.id = i.cafe_id
  where s.state = 'open' and c.ends_at > now()
    -- A scalar subquery, here and at the end: a lookup a claim whatever the planner believes about the table's size.
    and (
      select r.id from registration r
      where r.attendee_id = i.attendee_id and r.cafe_id = i.cafe_id
        and r.status in ('held', 'offered', 'confirmed', 'waitlisted')
    ) is null;
  open_places := fresh_places;

  -- Free seats go to the first who ask. Somebody who turns out to sit elsewhere at that time leaves the seat to the
  -- next, hence the loop; it goes round once where nobody clashes, and each round decides at least one claim.
  while open_places is not null loop
    select array_agg(ranked.place) into tried_places
    from (
      select o.place, s.capacity - s.taken as free, row_number() over (partition by s.cafe_id order by o.place) as rank
      from unnest(open_places) as o (place) join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place]
    ) ranked
    where ranked.rank <= ranked.free;
    exit when tried_places is null;

    seated_attendee_ids := take_minutes(
      (select array_agg(claimed_cafe_ids[t.place] order by t.place) from unnest(tried_places) as t (place)),
      (select array_agg(claiming_attendee_ids[t.place] order by t.place) from unnest(tried_places) as t (place))
    );

    -- A person is in a batch once, so that the arrays lead from one to the claim and back without a join.
    with winner as (
      select array_position(claiming_attendee_ids, w.attendee_id) as place
      from unnest(seated_attendee_ids) as w (attendee_id)
    ),
    seated as (
      insert into registration (cafe_id, attendee_id, status, expires_at)
      select
        claimed_cafe_ids[w.place], claiming_attendee_ids[w.place],
        case when proved[w.place] then 'confirmed' else 'held' end::registration_status,
        case when not proved[w.place] then now() + hold_ttl end
      from winner w order by w.place
      returning registration.id, registration.cafe_id, registration.attendee_id, registration.status
    ),
    told as (
      insert into outbox (kind, attendee_id, registration_id, challenge_id)
      select
        case when n.status = 'held' then 'prove-address' else 'confirmed' end::mail_kind, n.attendee_id, n.id,
        challenge_ids[array_position(claiming_attendee_ids, n.attendee_id)]
      from seated n order by n.id
    )
    update cafe_seats s set taken = s.taken + n.count, version = s.version + 1
    from (select seated.cafe_id, count(*)::integer as count from seated group by seated.cafe_id) n
    where s.cafe_id = n.cafe_id;

    if cardinality(seated_attendee_ids) < cardinality(tried_places) then
      select coalesce(array_agg(t.place), '{}') || clashing_places into clashing_places
      from unnest(tried_places) as t (place) where claiming_attendee_ids[t.place] <> all (seated_attendee_ids);
    end if;
    if cardinality(tried_places) = cardinality(open_places) then
      open_places := null;
    else
      select array_agg(o.place) into open_places
      from unnest(open_places) as o (place) where o.place not in (select t.place from unnest(tried_places) as t (place));
    end if;
  end loop;

  -- The rest wait, in the same order, where there is a line to wait in.
  if open_places is not null then
    with waiting as (
      select o.place, s.cafe_id, s.last_waitlist_number + row_number() over (partition by s.cafe_id order by o.place) as number
      from unnest(open_places) as o (place) join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place]
      where s.waitlist_open
    ),
    queued as (
      insert into registration (cafe_id, attendee_id, status, waitlist_number)
      select w.cafe_id, claiming_attendee_ids[w.place], 'waitlisted', w.number from waiting w order by w.place
      returning registration.id, registration.cafe_id, registration.attendee_id
    ),
    told as (
      insert into outbox (kind, attendee_id, registration_id, challenge_id)
      select
        case when proved[p.place] then 'waitlisted' else 'prove-address' end::mail_kind, n.attendee_id, n.id,
        challenge_ids[p.place]
      from queued n cross join lateral (select array_position(claiming_attendee_ids, n.attendee_id)) as p (place)
      order by n.id
    )
    update cafe_seats s
    set waitlisted = s.waitlisted + n.count, last_waitlist_number = s.last_waitlist_number + n.count,
      version = s.version + 1
    from (select queued.cafe_id, count(*)::integer as count from queued group by queued.cafe_id) n
    where s.cafe_id = n.cafe_id;
  end if;

  if fresh_places is not null then
    perform pg_notify('outbox', '');
  end if;

  return query
  select
    i.place::integer,
    case
      when s.cafe_id is null or s.state = 'draft' then 'cafe-not-found'
      when r.id is not null and f.place is null then 'existing'
      when r.id is not null then 'created'
      when f.place is null then 'cafe-not-open'
      when i.place in (select c.place from unnest(clashing_places) as c (place)) then 'schedule-clash'
      else 'cafe-full'
    end,
    r.id, r.status,
    case
      when r.status <> 'waitlisted' then null
      when f.place is null then waitlist_position(r.cafe_id, r.waitlist_number)
      -- Whoever joined in this batch is at the end of the line, with nobody missing in between.
      else s.waitlisted - (s.last_waitlist_number - r.waitlist_number)
    end,
    r.expires_at, r.checked_in_at, r.created_at, first.event_id, first.starts_at, first.ends_at,
    first.version, first.capacity, first.taken, first.waitlisted, first.present
  from unnest(claimed_cafe_ids, claiming_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  left join cafe_seats s on s.cafe_id = i.cafe_id
  left join lateral (
    select s.version, s.capacity, s.taken, s.waitlisted, s.present, c.event_id, c.starts_at, c.ends_at
    from cafe c where c.id = i.cafe_id and i.place = array_position(claimed_cafe_ids, i.cafe_id)
  ) first on true
  left join unnest(fresh_places) as f (place) on f.place = i.place
  left join lateral (
    select * from registration mine
    where mine.attendee_id = i.attendee_id and mine.cafe_id = i.cafe_id
      and mine.status in ('held', 'offered', 'confirmed', 'waitlisted')
    limit 1
  ) r on true
  order by i.place;
end
$$;

-- Where a number stands in its line: one more than those before it.
create function waitlist_position(line_cafe_id uuid, number integer) returns integer language sql stable as $$
  select count(*)::integer + 1 from registration r
  where r.cafe_id = line_cafe_id and r.status = 'waitlisted' and r.waitlist_number < number
$$;

-- Give a Café's free seats to the first in line who are free at that time. The Café's row is locked by the caller.
-- Returns the registrations that moved up.
create function seats_move_up(full_cafe_id uuid, hold_ttl interval)
returns uuid[] language plpgsql as $$
declare
  next_attendee_ids uuid[];
  seated_attendee_ids uuid[];
  moved_ids uuid[] := '{}';
  moved_now uuid[];
begin
  -- Goes round again only when somebody in line took a seat elsewhere at the same moment.
  loop
    select array_agg(l.attendee_id) into next_attendee_ids
    from cafe_seats s
    join cafe c on c.id = s.cafe_id and c.ends_at > now()
    cross join lateral (
      select r.attendee_id from registration r
      where r.cafe_id = s.cafe_id and r.status = 'waitlisted'
        and not exists (
          select from minutes_of(c.starts_at, c.ends_at) m
          join attendee_day d on d.attendee_id = r.attendee_id and d.day = m.day
          where bit_count(d.busy & m.minutes) > 0
        )
      order by r.waitlist_number
      limit s.capacity - s.taken
    ) l
    where s.cafe_id = full_cafe_id and s.state in ('open', 'closed') and s.waitlisted > 0 and s.capacity > s.taken;
    exit when next_attendee_ids is null;

    seated_attendee_ids := take_minutes(array_fill(full_cafe_id, array[cardinality(next_attendee_ids)]), next_attendee_ids);

    with moved as (
      update registration r set
        status = case when a.email_proved_at is null then 'held' else 'confirmed' end::registration_status,
        expires_at = case when a.email_proved_at is null then now() + hold_ttl end
      from attendee a
      where a.id = r.attendee_id and r.cafe_id = full_cafe_id and r.status = 'waitlisted'
        and r.attendee_id = any (seated_attendee_ids)
      returning r.id, r.attendee_id, r.status, r.waitlist_number
    ),
    told as (
      insert into outbox (kind, attendee_id, registration_id)
      select case when m.status = 'held' then 'prove-address' else 'moved-up' end::mail_kind, m.attendee_id, m.id
      from moved m order by m.waitlist_number
    )
    select array_agg(m.id) into moved_now from moved m;

    update cafe_seats s
    set taken = s.taken + cardinality(seated_attendee_ids), waitlisted = s.waitlisted - cardinality(seated_attendee_ids),
      version = s.version + 1
    where s.cafe_id = full_cafe_id;
    moved_ids := moved_ids || coalesce(moved_now, '{}');
  end loop;
  return moved_ids;
end
$$;

-- End registrations as `cancelled` or `expired` and move the lines up. Of those named, whatever is not active any more
-- (or, to expire, not over yet by this clock) is left as it is. Returns every registration that changed.
create function seats_end(ended_ids uuid[], ended_as registration_status, hold_ttl interval)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  freed_cafe_ids uuid[];
  freed_attendee_ids uuid[];
  changed_ids uuid[];
  line_cafe_id uuid;
begin
  -- Besides the Cafés of these registrations, those where the same people wait: their time becomes free.
  select array_agg(distinct w.cafe_id order by w.cafe_id) into locked_cafe_ids
  from registration r
  join registration w on w.attendee_id = r.attendee_id and (w.id = r.id or w.status = 'waitlisted')
  where r.id = any (ended_ids);
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;

  with ended as (
    update registration r set status = ended_as, expires_at = null, checked_in_at = null, checked_in_by = null
    where r.id = any (ended_ids)
      and case ended_as
        when 'expired' then r.status in ('held', 'offered') and r.expires_at <= now()
        else r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      end
    returning r.id, r.cafe_id, r.attendee_id, old.status as was, old.checked_in_at is not null as was_present
  ),
  counted as (
    update cafe_seats s
    set taken = s.taken - n.seated, waitlisted = s.waitlisted - n.waiting, present = s.present - n.present,
      version = s.version + 1
    from (
      select
        e.cafe_id, count(*) filter (where e.was <> 'waitlisted')::integer as seated,
        count(*) filter (where e.was = 'waitlisted')::integer as waiting, count(*) filter (where e.was_present)::integer as present
      from ended e group by e.cafe_id
    ) n
    where s.cafe_id = n.cafe_id
  ),
  -- A hold that ran out belonged to somebody who never answered: there is nobody to tell.
  told as (
    insert into outbox (kind, attendee_id, registration_id)
    select 'cancelled', e.attendee_id, e.id from ended e where ended_as = 'cancelled' order by e.id
  )
  select
    array_agg(e.id), array_agg(e.cafe_id) filter (where e.was <> 'waitlisted'),
    array_agg(e.attendee_id) filter (where e.was <> 'waitlisted')
  into changed_ids, freed_cafe_ids, freed_attendee_ids
  from ended e;

  if freed_cafe_ids is not null then
    perform give_back_minutes(freed_cafe_ids, freed_attendee_ids, array_fill(null::integer, array[cardinality(freed_cafe_ids)]));
    foreach line_cafe_id in array locked_cafe_ids loop
      changed_ids := changed_ids || seats_move_up(line_cafe_id, hold_ttl);
    end loop;
  end if;
  perform pg_notify('outbox', '');

  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (changed_ids);
end
$$;

-- End what has run out by this database's clock, the longest overdue first.
create function seats_expire_due(ended_max integer, hold_ttl interval)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language sql as $$
  select e.* from seats_end(
    (select array_agg(due.id) from (
      select r.id from registration r where r.expires_at <= now() order by r.expires_at limit ended_max
    ) due), 'expired', hold_ttl
  ) e
$$;

-- Confirm every seat that is held for a person who proved their address. A hold that is over by this clock stays over.
create function seats_prove(proved_attendee_id uuid)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
begin
  perform 1 from cafe_seats s
  where s.cafe_id in (select r.cafe_id from registration r where r.attendee_id = proved_attendee_id and r.status = 'held')
  order by s.cafe_id for update;

  return query
  with confirmed as (
    update registration r set status = 'confirmed', expires_at = null
    where r.attendee_id = proved_attendee_id and r.status = 'held' and r.expires_at > now()
    returning r.id, r.attendee_id, r.cafe_id
  ),
  told as (
    insert into outbox (kind, attendee_id, registration_id) select 'confirmed', c.attendee_id, c.id from confirmed c
  ),
  counted as (
    update cafe_seats s set version = s.version + 1 where s.cafe_id in (select c.cafe_id from confirmed c)
  )
  select c.id, c.attendee_id, c.cafe_id from confirmed c;
  perform pg_notify('outbox', '');
end
$$;

-- Check a person in. Returns what the door is told.
create function seats_check_in(checked_registration_id uuid, door_cafe_id uuid, checking_attendee_id uuid)
returns text language plpgsql as $$
declare
  found_registration registration;
begin
  perform 1 from cafe_seats s
  where s.cafe_id = (select r.cafe_id from registration r where r.id = checked_registration_id) for update;
  select * into found_registration from registration r where r.id = checked_registration_id;
  if found_registration.id is null then return 'registration-not-found'; end if;
  if found_registration.cafe_id <> door_cafe_id then return 'wrong-cafe'; end if;
  if found_registration.status <> 'confirmed' then return 'not-confirmed'; end if;
  if found_registration.checked_in_at is not null then return 'already-checked-in'; end if;

  update registration r set checked_in_at = now(), checked_in_by = checking_attendee_id where r.id = checked_registration_id;
  update cafe_seats s set present = s.present + 1, version = s.version + 1 where s.cafe_id = door_cafe_id;
  return 'checked-in';
end
$$;

-- Undo a check-in. Returns whether there was one.
create function seats_undo_check_in(undone_registration_id uuid) returns boolean language plpgsql as $$
declare
  undone_cafe_id uuid;
begin
  perform 1 from cafe_seats s
  where s.cafe_id = (select r.cafe_id from registration r where r.id = undone_registration_id) for update;
  update registration r set checked_in_at = null, checked_in_by = null
  where r.id = undone_registration_id and r.checked_in_at is not null returning r.cafe_id into undone_cafe_id;
  update cafe_seats s set present = s.present - 1, version = s.version + 1 where s.cafe_id = undone_cafe_id;
  return undone_cafe_id is not null;
end
$$;

-- Change a Café's capacity, state or waitlist; what is null stays. Returns the outcome and every registration changed.
create function seats_change_cafe(
  changed_cafe_id uuid, new_capacity integer, new_state cafe_state, new_waitlist_open boolean, hold_ttl interval
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  seats cafe_seats;
  room_seats integer;
  changed_ids uuid[] := '{}';
begin
  select * into seats from cafe_seats s where s.cafe_id = changed_cafe_id for update;
  select r.capacity into room_seats from cafe c join room r on r.id = c.room_id where c.id = changed_cafe_id;
  outcome := case
    when seats.cafe_id is null then 'cafe-not-found'
    when new_capacity > room_seats then 'capacity-above-room'
    when new_capacity < seats.taken and new_state is distinct from 'cancelled' then 'capacity-below-taken'
    when new_state = 'draft' and seats.taken + seats.waitlisted > 0 then 'has-registrations'
    else 'changed'
  end;
  if outcome = 'changed' then
    if new_state = 'cancelled' then
      select coalesce(array_agg(e.registration_id), '{}') into changed_ids
      from seats_end_cafe(changed_cafe_id, hold_ttl) e;
    end if;
    update cafe_seats s set
      capacity = coalesce(new_capacity, s.capacity), state = coalesce(new_state, s.state),
      waitlist_open = coalesce(new_waitlist_open, s.waitlist_open), version = s.version + 1
    where s.cafe_id = changed_cafe_id;
    changed_ids := changed_ids || seats_move_up(changed_cafe_id, hold_ttl);
    perform pg_notify('outbox', '');
  end if;
  return query select outcome, seats.taken, room_seats, changed_ids;
end
$$;

-- Everybody of a Café that will not happen is cancelled, each with a message. The line goes first, so that nobody
-- moves up into it on the way.
create function seats_end_cafe(ended_cafe_id uuid, hold_ttl interval)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
begin
  return query select e.* from seats_end(
    (select array_agg(r.id) from registration r where r.cafe_id = ended_cafe_id and r.status = 'waitlisted'), 'cancelled', hold_ttl
  ) e;
  return query select e.* from seats_end(
    (select array_agg(r.id) from registration r
     where r.cafe_id = ended_cafe_id and r.status in ('held', 'offered', 'confirmed')), 'cancelled', hold_ttl
  ) e;
end
$$;

-- What the checker compares: each Café's counters beside a recount of its registrations, where they differ; and each
-- person's minutes beside those of their seats, where they differ. No row is the right answer.
create function seats_recount()
returns table (what text, id uuid, counted text, recounted text) language sql stable as $$
  select 'cafe', s.cafe_id, format('taken %s waitlisted %s present %s', s.taken, s.waitlisted, s.present),
    format('taken %s waitlisted %s present %s', n.taken, n.waitlisted, n.present)
  from cafe_seats s
  cross join lateral (
    select
      count(*) filter (where r.status in ('held', 'offered', 'confirmed')) as taken,
      count(*) filter (where r.status = 'waitlisted') as waitlisted,
      count(*) filter (where r.checked_in_at is not null) as present
    from registration r where r.cafe_id = s.cafe_id
  ) n
  where (s.taken, s.waitlisted, s.present) <> (n.taken, n.waitlisted, n.present)
  union all
  select 'attendee', coalesce(mine.attendee_id, n.attendee_id), mine.busy_minutes::text, n.busy_minutes::text
  from (select d.attendee_id, d.day, d.busy, d.busy_minutes from attendee_day d where d.busy_minutes > 0) mine
  full join (
    select r.attendee_id, m.day, bit_or(m.minutes) as busy, sum(bit_count(m.minutes))::integer as busy_minutes
    from registration r join cafe c on c.id = r.cafe_id cross join lateral minutes_of(c.starts_at, c.ends_at) m
    where r.status in ('held', 'offered', 'confirmed')
    group by r.attendee_id, m.day
  ) n using (attendee_id, day)
  where (mine.busy, mine.busy_minutes) is distinct from (n.busy, n.busy_minutes)
$$;
