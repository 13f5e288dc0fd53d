-- The seat engine's transactions. Owner: libs/seats; nobody else calls them, but for cafe_seats_open and
-- cafe_seats_taken (libs/programme). What each must do is said by the model in libs/seats/src/model.
--
-- A function here decides which registrations change and writes them; counters, messages and the ledger follow by
-- themselves (registration_made, registration_changed).
--
-- Locks, always in this order:
--   1. the rows of cafe_seats that a change touches, by cafe_id: whoever has them decides about those Cafés alone, so
--      counting, giving and queueing need no further care; waiting for them is the line in which commits happen;
--   2. the rows of room_slot that these Cafés share, by room and time;
--   3. rows of registration, by id: those that are given back, and the seats of those who join a line;
--   4. rows of attendee_day, by attendee within a statement: two Cafés may want the same person's minutes at once.
-- A change that takes 4 twice (release, then move up) can meet another such one crosswise; Postgres then ends one of
-- them (40P01), nothing of it remains, and the caller runs it again. So it does after 40001, which a function raises when
-- what it decided on before it had its locks is not so any more.

-- The counter row of a new Café.
create function cafe_seats_open(cafe_id uuid, capacity integer, state cafe_state, waitlist_open boolean)
returns void language sql as $$
  insert into cafe_seats (cafe_id, capacity, state, waitlist_open) values ($1, $2, $3, $4)
$$;

-- Whether anybody has a seat at a Café or waits for one; nobody takes one from then on until the transaction ends. Asked before it is moved.
create function cafe_seats_taken(asked_cafe_id uuid) returns boolean language sql as $$
  select s.taken + s.waitlisted > 0 from cafe_seats s where s.cafe_id = asked_cafe_id for update
$$;

-- Take a Café's minutes for each of these people (each named once), where all of them are free. Returns who has them now.
create function take_minutes(wanted_cafe_ids uuid[], wanted_attendee_ids uuid[])
returns uuid[] language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  got_attendee_ids uuid[];
  got_days integer[];
  over_midnight boolean;
  half_cafe_ids uuid[];
  half_attendee_ids uuid[];
  half_days integer[];
begin
  -- A person whose minutes are taken keeps them: the row is left as it is and not returned.
  with taken as (
    insert into attendee_day as mine (attendee_id, day, busy, busy_minutes)
    select w.attendee_id, m.day, m.minutes, m.count
    from unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id)
    join cafe_minutes m on m.cafe_id = w.cafe_id and m.cafe_id = any (wanted_cafe_ids)
    order by w.attendee_id, m.day
    on conflict (attendee_id, day) do update
      set busy = mine.busy | excluded.busy, busy_minutes = mine.busy_minutes + excluded.busy_minutes
      where bit_count(mine.busy & excluded.busy) = 0
    returning attendee_id, day
  )
  select
    array_agg(t.attendee_id), array_agg(t.day),
    exists (select from cafe_minutes m where m.cafe_id = any (wanted_cafe_ids) and m.days > 1)
  into got_attendee_ids, got_days, over_midnight from taken t;

  -- A Café over midnight takes minutes of two days: whoever got one and not the other got half, and gives it back.
  if over_midnight then
    select array_agg(h.cafe_id), array_agg(h.attendee_id), array_agg(h.day) into half_cafe_ids, half_attendee_ids, half_days
    from (
      select w.cafe_id, g.attendee_id, min(g.day) as day
      from unnest(got_attendee_ids, got_days) as g (attendee_id, day)
      join unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id) on w.attendee_id = g.attendee_id
      join cafe_minutes m on m.cafe_id = w.cafe_id and m.day = g.day
      where m.cafe_id = any (wanted_cafe_ids)
      group by w.cafe_id, g.attendee_id, m.days
      having count(*) < m.days
    ) h;
    if half_days is not null then
      perform give_back_minutes(half_cafe_ids, half_attendee_ids, half_days);
    end if;
    got_attendee_ids := array(
      select distinct g.id from unnest(got_attendee_ids) as g (id) where g.id <> all (coalesce(half_attendee_ids, '{}'))
    );
  end if;
  return coalesce(got_attendee_ids, '{}');
end
$$;

-- Give Cafés' minutes back for these people: those of the day named, or of every day where it is null.
create function give_back_minutes(given_cafe_ids uuid[], given_attendee_ids uuid[], given_days integer[])
returns void language sql
set enable_nestloop = on
as $$
  with given as (
    select g.attendee_id, m.day, bit_or(m.minutes) as minutes, sum(m.count)::integer as count
    from unnest(given_cafe_ids, given_attendee_ids, given_days) as g (cafe_id, attendee_id, day)
    join cafe_minutes m on m.cafe_id = g.cafe_id
    where g.day is null or g.day = m.day
    group by g.attendee_id, m.day
  )
  update attendee_day mine set busy = mine.busy & ~given.minutes, busy_minutes = mine.busy_minutes - given.count
  from given where mine.attendee_id = given.attendee_id and mine.day = given.day
$$;

-- Lock what these Cafés share with others of their room. Their own rows are locked by the caller.
create function room_slots_lock(locked_cafe_ids uuid[]) returns void language plpgsql
set enable_nestloop = on
as $$
begin
  perform 1 from room_slot p
  where exists (
    select from cafe c
    where c.id = any (locked_cafe_ids) and p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  )
  order by p.room_id, p.starts_at for update;
end
$$;

-- How many seats of a Café can be given now: its own, and no more than the room has at any of its times.
create function seats_free(asked_cafe_id uuid) returns integer language sql as $$
  select least(s.capacity - s.taken, (
    select min(p.capacity - p.taken) from room_slot p
    where s.pooled and p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  ))
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = asked_cafe_id
$$;

-- The room slots of a Café: how many seats the Cafés of its room have together then, and which they are. `version` is the sum
-- of theirs. A draft has no seats.
create function room_slots_of(asked_cafe_id uuid)
returns table (starts_at timestamptz, capacity integer, taken integer, version bigint, cafe_ids uuid[]) language sql stable as $$
  select p.starts_at, p.capacity, p.taken, sum(s.version)::bigint, array_agg(o.id order by o.id)
  from cafe c
  join room_slot p on p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  join cafe o on o.room_id = p.room_id and o.starts_at <= p.starts_at and o.ends_at >= p.ends_at
  join cafe_seats s on s.cafe_id = o.id and s.state <> 'draft'
  where c.id = asked_cafe_id
  group by p.starts_at, p.capacity, p.taken
$$;

-- A person's seats that take their minutes at some time between these two.
create function seats_in_the_way(asked_attendee_id uuid, from_at timestamptz, until_at timestamptz)
returns setof registration language sql stable as $$
  select r.* from registration r join cafe c on c.id = r.cafe_id
  where r.attendee_id = asked_attendee_id and r.status in ('held', 'offered', 'confirmed') and not r.overlapping
    and c.starts_at < until_at and from_at < c.ends_at
$$;

-- The id of one of many rows, a UUIDv7 like its `sibling`, from which it differs in its last 32 bits. Making one anew asks the system for
-- randomness and for the process's number, which costs a claim about as much as its dearest row (docs/benchmarks.md).
create function sibling_id(sibling text, number bigint) returns uuid language sql immutable as $$
  select (left(sibling, 28) || to_hex(x'10000000'::integer + number))::uuid
$$;

-- A batch of claims, in the order of arrival; each person at most once in a batch.
-- Returns the answers, a row for all claims that are answered alike, whatever their Café: what became of them, their places in the batch,
-- and in the same order their registrations and positions in line; where there are registrations, with the times of their Cafés.
create function seats_claim(
  claimed_cafe_ids uuid[], claiming_attendee_ids uuid[], proved boolean[], challenge_ids uuid[], hold_ttl interval,
  claimed_delegation_id uuid default null, claiming_by uuid default null
)
returns table (
  outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[],
  status registration_status, expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz
)
language plpgsql
-- Lookups by index and plans that are kept, here and in all that follows: what a plan was made for may have had a hundredth of
-- the rows, and planning a statement costs more than running it.
set enable_seqscan = off set enable_nestloop = off set plan_cache_mode = force_generic_plan
as $$
declare
  fresh_places integer[];   -- claims on open Cafés by people who are not in them yet
  open_places integer[];    -- those of them not decided yet
  open_ids uuid[];          -- what their registrations will be called
  giving boolean;           -- whether any of their Cafés has a seat left
  lining boolean;           -- whether any has a line to wait in
  scarce boolean;           -- whether any may have too few seats for all of them, by itself or with others of its room
  tried_places integer[];   -- those who are given a seat if they are free at that time
  tried_cafe_ids uuid[];
  tried_attendee_ids uuid[];
  tried_ids uuid[];
  seated_attendee_ids uuid[];
  given_now integer[];
  given_now_ids uuid[];
  given_places integer[] := '{}';
  given_ids uuid[] := '{}';
  clashing_places integer[] := '{}';
  lined_places integer[];
  lined_ids uuid[];
  lined_numbers integer[];
  alike boolean;            -- whether all Cafés that are open run at the time of the first claim's, in the same event
  proved_cause seat_cause := case when claimed_delegation_id is null then 'claim' else 'delegation' end;
  sibling text;             -- from which the id of the registration at each place is made
begin
  -- The one lock: from here on nobody else gives or frees a seat of these Cafés until we commit.
  perform 1 from cafe_seats s where s.cafe_id = any (claimed_cafe_ids) order by s.cafe_id for update;
  sibling := uuidv7();
  select c.event_id, c.starts_at, c.ends_at into event_id, starts_at, ends_at from cafe c where c.id = claimed_cafe_ids[1];

  -- Free seats go to the first who ask. Somebody who turns out to sit elsewhere at that time leaves the seat to the
  -- next, hence the loop; it goes round once where nobody clashes, and each round decides at least one claim.
  loop
    select
      array_agg(i.place::integer), array_agg(sibling_id(sibling, i.place)), bool_or(s.capacity > s.taken), bool_or(s.waitlist_open),
      bool_or(s.pooled or s.capacity - s.taken < cardinality(claimed_cafe_ids)),
      coalesce(alike, bool_and(
        c.starts_at = seats_claim.starts_at and c.ends_at = seats_claim.ends_at and c.event_id = seats_claim.event_id
      ))
    into open_places, open_ids, giving, lining, scarce, alike
    from unnest(claimed_cafe_ids, claiming_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
    join cafe_seats s on s.cafe_id = i.cafe_id and s.cafe_id = any (claimed_cafe_ids)
    join cafe c on c.id = i.cafe_id and c.id = any (claimed_cafe_ids)
    where s.state = 'open' and c.ends_at > seats_now() and i.place <> all (clashing_places)
      and (
        select r.id from registration r
        where r.attendee_id = i.attendee_id and r.cafe_id = i.cafe_id
          and r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      ) is null;
    fresh_places := coalesce(fresh_places, open_places);
    tried_places := case when giving then open_places end;
    tried_ids := open_ids;
    if scarce and giving then
      perform room_slots_lock(claimed_cafe_ids);
      tried_places := seats_to_give(claimed_cafe_ids, open_places);
      select array_agg(sibling_id(sibling, t.place)) into tried_ids from unnest(tried_places) as t (place);
    end if;
    -- Who may have to wait: if they give a seat back at this moment they are waited for, or wait for us: one of the two sees the other
    -- (seats_lock_around).
    if scarce and lining and seated_attendee_ids is null then
      perform 1 from registration r
      where r.attendee_id = any (array(
          select claiming_attendee_ids[o.place] from unnest(open_places) as o (place) where o.place <> all (coalesce(tried_places, '{}'))
        ))
        and r.status in ('held', 'offered', 'confirmed')
      order by r.id for share;
    end if;
    exit when tried_places is null;

    if cardinality(tried_places) = cardinality(claimed_cafe_ids) then
      tried_cafe_ids := claimed_cafe_ids;
      tried_attendee_ids := claiming_attendee_ids;
    else
      select array_agg(claimed_cafe_ids[t.place]), array_agg(claiming_attendee_ids[t.place])
      into tried_cafe_ids, tried_attendee_ids from unnest(tried_places) as t (place);
    end if;
    seated_attendee_ids := take_minutes(tried_cafe_ids, tried_attendee_ids);
    given_now := tried_places;
    given_now_ids := tried_ids;
    if cardinality(seated_attendee_ids) < cardinality(tried_places) then
      select
        array_agg(t.place) filter (where t.seated), array_agg(t.id) filter (where t.seated),
        clashing_places || array_agg(t.place) filter (where not t.seated)
      into given_now, given_now_ids, clashing_places
      from (
        select t.place, t.id, claiming_attendee_ids[t.place] = any (seated_attendee_ids) as seated
        from unnest(tried_places, tried_ids) as t (place, id)
      ) t;
    end if;
    if given_now is not null then
      insert into registration (id, cafe_id, attendee_id, status, expires_at, cause, changed_by, challenge_id, delegation_id, created_at)
      select
        g.id, claimed_cafe_ids[g.place], claiming_attendee_ids[g.place],
        case when proved[g.place] then 'confirmed' else 'held' end::registration_status,
        case when not proved[g.place] then seats_now() + hold_ttl end,
        case when proved[g.place] then proved_cause else 'guest' end,
        claiming_by, challenge_ids[g.place], claimed_delegation_id, seats_now()
      from unnest(given_now, given_now_ids) as g (place, id);
      given_places := given_places || given_now;
      given_ids := given_ids || given_now_ids;
    end if;
    if cardinality(tried_places) = cardinality(open_places) then
      open_places := null;
      exit;
    end if;
  end loop;

  -- The rest wait, in the same order, where there is a line to wait in.
  if open_places is not null and lining then
    select array_agg(l.place), array_agg(sibling_id(sibling, l.place)), array_agg(l.number) into lined_places, lined_ids, lined_numbers
    from (
      select o.place, s.last_waitlist_number + row_number() over (partition by s.cafe_id order by o.place) as number
      from unnest(open_places) as o (place) join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place]
      where s.waitlist_open and s.cafe_id = any (claimed_cafe_ids)
    ) l;
    if lined_ids is not null then
      insert into registration (id, cafe_id, attendee_id, status, waitlist_number, cause, changed_by, challenge_id, delegation_id, created_at)
      select
        l.id, claimed_cafe_ids[l.place], claiming_attendee_ids[l.place], 'waitlisted', l.number,
        case when proved[l.place] then proved_cause else 'guest' end,
        claiming_by, challenge_ids[l.place], claimed_delegation_id, seats_now()
      from unnest(lined_places, lined_ids, lined_numbers) as l (place, id, number);
    end if;
  end if;

  -- What was made here is told from here; only the other answers need to look.
  if given_ids <> '{}' and alike and true = all (proved) then
    outcome := 'created';
    places := given_places;
    registration_ids := given_ids;
    status := 'confirmed';
    created_at := seats_now();
    return next;
  elsif given_ids <> '{}' then
    return query
    select
      'created', array_agg(g.place), array_agg(g.id), null::integer[],
      case when g.proved then 'confirmed' else 'held' end::registration_status,
      case when not g.proved then seats_now() + hold_ttl end, null::timestamptz, seats_now(),
      c.event_id, c.starts_at, c.ends_at
    from (
      select t.place, t.id, proved[t.place] as proved, claimed_cafe_ids[t.place] as cafe_id
      from unnest(given_places, given_ids) as t (place, id)
    ) g
    join cafe c on c.id = g.cafe_id
    where c.id = any (claimed_cafe_ids)
    group by g.proved, c.event_id, c.starts_at, c.ends_at;
  end if;
  if lined_ids is not null then
    return query
    select
      'created', array_agg(l.place), array_agg(l.id),
      -- Whoever joined in this batch is at the end of the line, with nobody missing in between.
      array_agg(s.waitlisted - (s.last_waitlist_number - l.number)),
      'waitlisted'::registration_status, null::timestamptz, null::timestamptz, seats_now(), c.event_id, c.starts_at, c.ends_at
    from unnest(lined_places, lined_ids, lined_numbers) as l (place, id, number)
    join cafe_seats s on s.cafe_id = claimed_cafe_ids[l.place]
    join cafe c on c.id = s.cafe_id
    where s.cafe_id = any (claimed_cafe_ids) and c.id = any (claimed_cafe_ids)
    group by c.event_id, c.starts_at, c.ends_at;
  end if;
  if given_ids <> '{}' or lined_ids is not null then
    perform pg_notify('outbox', '');
  end if;
  if lined_ids is null and cardinality(given_ids) + cardinality(open_places) = cardinality(claimed_cafe_ids) then
    -- Everybody else came too late, and there is no line to wait in.
    outcome := 'cafe-full';
    places := open_places;
    registration_ids := null;
    status := null;
    created_at := null;
    event_id := null;
    starts_at := null;
    ends_at := null;
    return next;
  elsif cardinality(given_ids || lined_ids) < cardinality(claimed_cafe_ids) then
    return query
    with answer as (
      select
        case
          when s.cafe_id is null or s.state = 'draft' then 'cafe-not-found'
          when r.id is not null then 'existing'
          when f.place is null then 'cafe-not-open'
          when i.place in (select c.place from unnest(clashing_places) as c (place)) then 'schedule-clash'
          else 'cafe-full'
        end as outcome,
        i.place::integer, r.id, r.status, r.expires_at, r.checked_in_at, r.created_at,
        case when r.status = 'waitlisted' then waitlist_position(r.cafe_id, r.waitlist_number) end as position,
        case when r.id is not null then c.event_id end as event_id,
        case when r.id is not null then c.starts_at end as starts_at, case when r.id is not null then c.ends_at end as ends_at
      from unnest(claimed_cafe_ids, claiming_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
      left join unnest(given_places || lined_places) as d (place) on d.place = i.place
      left join cafe_seats s on s.cafe_id = i.cafe_id and s.cafe_id = any (claimed_cafe_ids)
      left join cafe c on c.id = i.cafe_id and c.id = any (claimed_cafe_ids)
      left join unnest(fresh_places) as f (place) on f.place = i.place
      left join lateral (
        select * from registration mine
        where f.place is null and mine.attendee_id = i.attendee_id and mine.cafe_id = i.cafe_id
          and mine.status in ('held', 'offered', 'confirmed', 'waitlisted')
        limit 1
      ) r on true
      where d.place is null
    )
    select
      a.outcome, array_agg(a.place), array_agg(a.id), array_agg(a.position), a.status, a.expires_at, a.checked_in_at, a.created_at,
      a.event_id, a.starts_at, a.ends_at
    from answer a
    group by a.outcome, a.status, a.expires_at, a.checked_in_at, a.created_at, a.event_id, a.starts_at, a.ends_at;
  end if;
end
$$;

-- Of these claims, those that can be given a seat now: the first of each Café for its own seats, and of those whose Café shares its room
-- the first at each time for the room's. A claim counts at a time although it may fail at another; it then
-- comes round again, and the first of all can always be given one.
create function seats_to_give(claimed_cafe_ids uuid[], open_places integer[]) returns integer[] language sql
set enable_nestloop = on
as $$
  with ranked as (
    select o.place, c.id as cafe_id, c.room_id, c.starts_at, c.ends_at, s.pooled, s.capacity - s.taken as free,
      row_number() over (partition by s.cafe_id order by o.place) as rank
    from unnest(open_places) as o (place)
    join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place] join cafe c on c.id = s.cafe_id
  ),
  roomy as (select r.* from ranked r where r.rank <= r.free and (not r.pooled or seats_free(r.cafe_id) > 0)),
  at_times as (
    select r.place, p.capacity - p.taken as free, row_number() over (partition by p.room_id, p.starts_at order by r.place) as rank
    from roomy r join room_slot p on p.room_id = r.room_id and p.starts_at >= r.starts_at and p.ends_at <= r.ends_at
  )
  select array_agg(r.place order by r.place) from roomy r
  where not exists (select from at_times t where t.place = r.place and t.rank > t.free)
$$;

-- Where a number stands in its line: one more than those before it.
create function waitlist_position(line_cafe_id uuid, number integer) returns integer language sql stable as $$
  select count(*)::integer + 1 from registration r
  where r.cafe_id = line_cafe_id and r.status = 'waitlisted' and r.waitlist_number < number
$$;

-- Until when an offer made now stands: ten minutes where the Café starts within two hours; else four hours, and no
-- longer than until those two hours begin.
create function offer_expires_at(starts_at timestamptz, ends_at timestamptz) returns timestamptz language sql stable as $$
  select case
    when starts_at <= seats_now() + interval '2 hours' then least(seats_now() + interval '10 minutes', ends_at)
    else least(seats_now() + interval '4 hours', greatest(starts_at - interval '2 hours', seats_now() + interval '10 minutes'))
  end
$$;

-- The Cafés that freeing these registrations can touch, and the Cafés named besides: where their people wait, and what shares a room
-- with them. In the order in which their lines move: those that get a seat back first.
create function cafes_around(freed_ids uuid[], named_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  freed_cafe_ids uuid[] := array(select distinct r.cafe_id from registration r where r.id = any (freed_ids));
begin
  return array(
    with own as (select unnest(freed_cafe_ids || named_cafe_ids) as cafe_id),
    around as (
      select own.cafe_id from own
      union
      select w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
      where r.id = any (freed_ids) and w.status = 'waitlisted'
      union
      select other.id
      from own join cafe c on c.id = own.cafe_id join cafe_seats s on s.cafe_id = c.id and s.pooled
      join cafe other on other.room_id = c.room_id and other.starts_at < c.ends_at and c.starts_at < other.ends_at
    )
    select a.cafe_id from around a order by a.cafe_id <> all (freed_cafe_ids), a.cafe_id
  );
end
$$;

-- Lock the Cafés around these registrations, and return them as cafes_around does.
create function seats_lock_around(freed_ids uuid[], named_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[] := cafes_around(freed_ids, named_cafe_ids);
begin
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(locked_cafe_ids);
  perform 1 from registration r where r.id = any (freed_ids) order by r.id for update;
  -- Somebody joined another line while we waited: it would not be looked at when they become free for it. From here on, whoever had
  -- one of these seats when they asked joins a line after our commit (seats_claim).
  if not cafes_around(freed_ids, named_cafe_ids) <@ locked_cafe_ids then
    raise exception 'the lines changed' using errcode = 'serialization_failure';
  end if;
  return locked_cafe_ids;
end
$$;

-- Where those with a seat at a Café wait, at whatever event.
create function lines_of_people_at(asked_cafe_id uuid) returns uuid[] language sql as $$
  select array(
    select distinct w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
    where r.cafe_id = asked_cafe_id and r.status in ('held', 'offered', 'confirmed') and w.status = 'waitlisted'
  )
$$;

-- Lock all Cafés of an event, for a change that may touch any; where the seats of the one named become free (or are at another time),
-- those seats too, and all Cafés where their people wait. Returns the Cafés, the one named first.
create function seats_lock_event(first_cafe_id uuid, freeing boolean) returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  elsewhere_ids uuid[] := case when freeing then lines_of_people_at(first_cafe_id) end;
begin
  select array_agg(c.id order by c.id <> first_cafe_id, c.id) into locked_cafe_ids
  from cafe c
  where c.event_id = (select mine.event_id from cafe mine where mine.id = first_cafe_id) or c.id = any (elsewhere_ids);
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(locked_cafe_ids);
  if freeing then
    perform 1 from registration r
    where r.cafe_id = first_cafe_id and r.status in ('held', 'offered', 'confirmed') order by r.id for update;
    -- As in seats_lock_around.
    if not lines_of_people_at(first_cafe_id) <@ locked_cafe_ids then
      raise exception 'the lines changed' using errcode = 'serialization_failure';
    end if;
  end if;
  return locked_cafe_ids;
end
$$;

-- Give the free seats of these Cafés, one Café after the other, to those in line. Returns the registrations that moved up.
create function seats_move_up(line_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  line_cafe_id uuid;
  moved_ids uuid[] := '{}';
begin
  foreach line_cafe_id in array line_cafe_ids loop
    if (select s.waitlisted > 0 and s.capacity > s.taken and s.state = 'open' from cafe_seats s where s.cafe_id = line_cafe_id) then
      moved_ids := moved_ids || seats_move_line_up(line_cafe_id);
    end if;
  end loop;
  return moved_ids;
end
$$;

-- Give a Café's free seats to the first in line who can take them. Its row and what it shares are locked by the caller.
--   Who can take one: a person who is free at that time; a person with one confirmed seat in the way, who is offered to swap
--   it; a group that asked for `all`, when there are seats for all of its people in line, and all of them are free.
--   How: confirmed, or held where nobody stands for it (a guest who proved nothing since); offered where the Café starts within two hours, or to swap.
create function seats_move_line_up(line_cafe_id uuid) returns uuid[] language plpgsql as $$
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
          when r.challenge_id is not null or (a.email_proved_at is null and r.delegation_id is null) then 'held'
          when cafe_starts_at <= seats_now() + interval '2 hours' then 'offered'
          else 'confirmed'
        end::registration_status,
        expires_at = case
          when t.swap or r.challenge_id is not null or (a.email_proved_at is null and r.delegation_id is null)
            or cafe_starts_at <= seats_now() + interval '2 hours'
            then offer_expires_at(cafe_starts_at, cafe_ends_at)
        end,
        overlapping = t.swap, cause = 'line', changed_by = null, challenge_id = null
      from unnest(taken_ids, taken_units, swapping) as t (id, unit, swap), attendee a
      where r.id = t.id and a.id = r.attendee_id and t.unit <> all (coalesce(losing_units, '{}'))
      returning r.id
    )
    select array_agg(m.id) into moved_now from moved m;
    moved_ids := moved_ids || coalesce(moved_now, '{}');
  end loop;
  return moved_ids;
end
$$;

-- End registrations as `cancelled` or `expired` and move the lines up. Of those named, whatever is not active any more
-- (or, to expire, not over yet by this clock) is left as it is. Returns every registration that changed.
create function seats_end(
  ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid
)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  changed_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(ended_ids, '{}');
  changed_ids := seats_leave(ended_ids, ended_as, ended_cause, ended_by);
  if changed_ids is not null then
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (changed_ids);
end
$$;

-- End registrations and give their minutes back; no line moves. What they touch is locked by the caller.
-- Returns those that ended, or null.
create function seats_leave(ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid)
returns uuid[] language plpgsql as $$
declare
  changed_ids uuid[];
  freed_cafe_ids uuid[];
  freed_attendee_ids uuid[];
begin
  with ended as (
    update registration r set
      status = ended_as, expires_at = null, checked_in_at = null, overlapping = false,
      cause = case when ended_cause = 'attendee' and r.status = 'offered' then 'declined' else ended_cause end, changed_by = ended_by
    where r.id = any (ended_ids)
      and case
        when ended_as = 'expired' and r.status = 'waitlisted' then (select c.ends_at from cafe c where c.id = r.cafe_id) <= seats_now()
        when ended_as = 'expired' then r.status in ('held', 'offered') and r.expires_at <= seats_now()
        -- Accepted meanwhile: it is no offer any more, and a seat is not given back by a no to an offer.
        when ended_cause = 'declined' then r.status = 'offered'
        else r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      end
    returning r.id, r.cafe_id, r.attendee_id, old.status <> 'waitlisted' and not old.overlapping as had_minutes
  )
  select array_agg(e.id), array_agg(e.cafe_id) filter (where e.had_minutes), array_agg(e.attendee_id) filter (where e.had_minutes)
  into changed_ids, freed_cafe_ids, freed_attendee_ids
  from ended e;
  if freed_cafe_ids is not null then
    perform give_back_minutes(freed_cafe_ids, freed_attendee_ids, array_fill(null::integer, array[cardinality(freed_cafe_ids)]));
  end if;
  return changed_ids;
end
$$;

-- What has run out by this database's clock, the longest overdue first: holds and offers, and the waiting for a Café that is over.
create function seats_due(due_max integer) returns setof uuid language sql stable as $$
  select due.id from (
    (select r.id from registration r where r.expires_at <= seats_now() order by r.expires_at limit due_max)
    union all
    (
      select r.id from cafe_seats s join cafe c on c.id = s.cafe_id join registration r on r.cafe_id = s.cafe_id
      where s.waitlisted > 0 and c.ends_at <= seats_now() and r.status = 'waitlisted'
      limit due_max
    )
  ) due limit due_max
$$;

-- End what has run out.
create function seats_expire_due(ended_max integer)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language sql as $$
  select e.* from seats_end((select array_agg(d.id) from seats_due(ended_max) as d (id)), 'expired', 'expiry', null) e
$$;

-- Confirm every seat that is held for a person who proved their address, and know that their places in line are theirs. A hold that is
-- over by this clock, or whose Café is, stays over. A confirmed seat can be swapped, so the lines in which the person waits may move.
create function seats_prove(proved_attendee_id uuid)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  changed_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(
    (
      select array_agg(r.id) from registration r
      where r.attendee_id = proved_attendee_id
        and (r.status = 'held' and r.expires_at > seats_now() or r.status = 'waitlisted' and r.challenge_id is not null)
    ), '{}'
  );
  with proved as (
    update registration r set
      status = case when r.status = 'held' then 'confirmed' else r.status end, expires_at = null, challenge_id = null,
      cause = 'proof', changed_by = null
    from cafe c
    where r.attendee_id = proved_attendee_id and r.cafe_id = any (locked_cafe_ids) and c.id = r.cafe_id
      and (
        r.status = 'held' and r.expires_at > seats_now() and c.ends_at > seats_now()
        or r.status = 'waitlisted' and r.challenge_id is not null
      )
    returning r.id
  )
  select array_agg(p.id) into changed_ids from proved p;
  if changed_ids is not null then
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (changed_ids);
end
$$;

-- Accept an offer: the seat is the person's, and what they have at that time goes back, in one commit. Returns the outcome
-- and every registration changed.
create function seats_accept(accepted_id uuid, accepting_attendee_id uuid)
returns table (outcome text, registration_ids uuid[]) language plpgsql as $$
declare
  offer registration;
  leaving_ids uuid[];
  locked_cafe_ids uuid[];
  from_at timestamptz;
  until_at timestamptz;
begin
  select c.starts_at, c.ends_at into from_at, until_at from registration r join cafe c on c.id = r.cafe_id where r.id = accepted_id;
  select array_agg(w.id order by w.id) into leaving_ids
  from seats_in_the_way(accepting_attendee_id, from_at, until_at) w where w.id <> accepted_id;
  locked_cafe_ids := seats_lock_around(leaving_ids || accepted_id, '{}');

  select * into offer from registration r where r.id = accepted_id;
  if offer.attendee_id is distinct from accepting_attendee_id then
    return query select 'registration-not-found', null::uuid[];
    return;
  elsif offer.status = 'confirmed' then
    return query select 'offer-accepted', null::uuid[];
    return;
  elsif offer.status = 'expired' or (offer.status = 'offered' and least(offer.expires_at, until_at) <= seats_now()) then
    return query select 'offer-expired', null::uuid[];
    return;
  elsif offer.status <> 'offered' then
    return query select 'no-offer', null::uuid[];
    return;
  end if;
  -- Their plan or the programme changed before we had the locks: decide again.
  if not exists (select from cafe c where c.id = offer.cafe_id and c.starts_at = from_at and c.ends_at = until_at)
    or leaving_ids is distinct from (
    select array_agg(w.id order by w.id) from seats_in_the_way(accepting_attendee_id, from_at, until_at) w where w.id <> accepted_id
  ) then
    raise exception 'the plan changed' using errcode = 'serialization_failure';
  end if;
  -- A seat in which the person sits already is not given back from afar.
  if exists (select from registration r where r.id = any (leaving_ids) and r.checked_in_at is not null) then
    return query select 'schedule-clash', null::uuid[];
    return;
  end if;

  registration_ids := coalesce(seats_leave(leaving_ids, 'cancelled', 'swap', null), '{}') || accepted_id;
  if offer.overlapping and take_minutes(array[offer.cafe_id], array[accepting_attendee_id]) = '{}' then
    raise exception 'the plan changed' using errcode = 'serialization_failure';
  end if;
  update registration r set
    status = 'confirmed', expires_at = null, overlapping = false, changed_by = null,
    cause = case when leaving_ids is null then 'acceptance' else 'swap' end::seat_cause
  where r.id = accepted_id;
  outcome := 'accepted';
  registration_ids := registration_ids || seats_move_up(locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$$;

-- Take a seat in another Café and give this one back, or change nothing. Returns the outcome, the new registration, and every
-- registration changed.
create function seats_swap(left_id uuid, taken_cafe_id uuid, swapping_attendee_id uuid)
returns table (outcome text, registration_id uuid, registration_ids uuid[]) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  leaving registration;
  there registration;
  target record;
begin
  locked_cafe_ids := seats_lock_around(array[left_id], array[taken_cafe_id]);
  select * into leaving from registration r where r.id = left_id;
  select s.state, c.ends_at into target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = taken_cafe_id;
  select * into there from registration r
  where r.attendee_id = swapping_attendee_id and r.cafe_id = taken_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted');
  outcome := case
    when leaving.attendee_id is distinct from swapping_attendee_id then 'registration-not-found'
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when leaving.cafe_id = taken_cafe_id then 'same-cafe'
    when leaving.status <> 'confirmed' or leaving.checked_in_at is not null then 'registration-over'
    when target.state <> 'open' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.status <> 'waitlisted' then 'already-registered'
    else 'swapped'
  end;
  if outcome <> 'swapped' then
    return next;
    return;
  end if;

  begin
    registration_ids := seats_leave(array[left_id], 'cancelled', 'swap', null);
    if seats_free(taken_cafe_id) <= 0 then
      raise exception 'cafe-full' using errcode = 'CSEAT';
    end if;
    if take_minutes(array[taken_cafe_id], array[swapping_attendee_id]) = '{}' then
      raise exception 'schedule-clash' using errcode = 'CSEAT';
    end if;
    if there.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, created_at)
      values (taken_cafe_id, swapping_attendee_id, 'confirmed', 'swap', seats_now())
      returning id into registration_id;
    else
      update registration r set status = 'confirmed', cause = 'swap', changed_by = null where r.id = there.id;
      registration_id := there.id;
    end if;
    registration_ids := registration_ids || registration_id || seats_move_up(locked_cafe_ids);
  exception when sqlstate 'CSEAT' then
    -- Nothing since `begin` remains.
    return query select sqlerrm, null::uuid, null::uuid[];
    return;
  end;
  perform pg_notify('outbox', '');
  return next;
end
$$;

-- Seats for the people of one person's delegation. `each`: what is possible, the rest in line. `all`: all of them, or all of
-- them in line, or nothing. People who are in the Café already stay as they are.
-- Returns a row a person: what became of them.
create function seats_claim_together(
  claimed_cafe_id uuid, claiming_attendee_ids uuid[], wanted_mode delegation_mode, delegate_id uuid
)
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  people constant integer := cardinality(claiming_attendee_ids);
  made_delegation_id uuid := uuidv7();
  fresh_ids uuid[];
  clashing_ids uuid[];
  seats cafe_seats;
  cafe_ends_at timestamptz;
  from_at timestamptz;
  refused text;
begin
  select * into seats from cafe_seats s where s.cafe_id = claimed_cafe_id for update;
  select c.starts_at, c.ends_at into from_at, cafe_ends_at from cafe c where c.id = claimed_cafe_id;
  if seats.pooled then
    perform room_slots_lock(array[claimed_cafe_id]);
  end if;
  select array_agg(a.id order by a.place) into fresh_ids
  from unnest(claiming_attendee_ids) with ordinality as a (id, place)
  where not exists (
    select from registration r
    where r.attendee_id = a.id and r.cafe_id = claimed_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted')
  );

  if wanted_mode = 'all' and fresh_ids is not null and seats.state = 'open' and cafe_ends_at > seats_now() then
    select array_agg(f.id) into clashing_ids from unnest(fresh_ids) as f (id)
    where exists (select from seats_in_the_way(f.id, from_at, cafe_ends_at));
    if clashing_ids is not null then
      return query select f.id, case when f.id = any (clashing_ids) then 'schedule-clash' else 'not-all' end, null::uuid
      from unnest(fresh_ids) as f (id);
      return;
    elsif cardinality(fresh_ids) > seats_free(claimed_cafe_id) then
      if not seats.waitlist_open then
        return query select f.id, 'cafe-full', null::uuid from unnest(fresh_ids) as f (id);
        return;
      end if;
      insert into delegation (id, cafe_id, attendee_id, mode) values (made_delegation_id, claimed_cafe_id, delegate_id, wanted_mode);
      insert into registration (cafe_id, attendee_id, status, waitlist_number, cause, changed_by, delegation_id, created_at)
      select claimed_cafe_id, f.id, 'waitlisted', seats.last_waitlist_number + f.place, 'delegation', delegate_id, made_delegation_id, seats_now()
      from unnest(fresh_ids) with ordinality as f (id, place) order by f.place;
      perform pg_notify('outbox', '');
    end if;
  end if;

  -- Whoever was put in line just now is there already.
  if fresh_ids is not null and not exists (select from delegation d where d.id = made_delegation_id) then
    insert into delegation (id, cafe_id, attendee_id, mode)
    select made_delegation_id, claimed_cafe_id, delegate_id, wanted_mode where seats.cafe_id is not null;
  end if;
  return query
  select i.id, case when i.id = any (fresh_ids) and c.outcome = 'existing' then 'created' else c.outcome end, a.registration_id
  from seats_claim(
    array_fill(claimed_cafe_id, array[people]), claiming_attendee_ids, array_fill(true, array[people]),
    array_fill(null::uuid, array[people]), null, made_delegation_id, delegate_id
  ) c
  cross join lateral unnest(c.places, c.registration_ids) as a (place, registration_id)
  join unnest(claiming_attendee_ids) with ordinality as i (id, place) on i.place = a.place
  order by i.place;
  -- One of them took a seat elsewhere meanwhile: not all, so none.
  if wanted_mode = 'all' and fresh_ids is not null and seats.state = 'open' and cafe_ends_at > seats_now() and exists (
    select from unnest(fresh_ids) as f (id) where not exists (
      select from registration r
      where r.attendee_id = f.id and r.cafe_id = claimed_cafe_id and r.delegation_id = made_delegation_id
    )
  ) then
    raise exception 'the plan of one of them changed' using errcode = 'serialization_failure';
  end if;
  delete from delegation d
  where d.id = made_delegation_id and not exists (select from registration r where r.delegation_id = made_delegation_id);
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

  update registration r
  set checked_in_at = seats_now(), cause = 'check-in', changed_by = checking_attendee_id
  where r.id = checked_registration_id;
  return 'checked-in';
end
$$;

-- Undo a check-in. The seat can be swapped again, so the lines in which the person waits may move. Returns every
-- registration changed; null when there was nothing to undo.
create function seats_undo_check_in(undone_registration_id uuid, undoing_attendee_id uuid)
returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(array[undone_registration_id], '{}');
  update registration r set checked_in_at = null, cause = 'check-in', changed_by = undoing_attendee_id
  where r.id = undone_registration_id and r.checked_in_at is not null;
  if not found then
    return null;
  end if;
  perform pg_notify('outbox', '');
  return undone_registration_id || seats_move_up(locked_cafe_ids);
end
$$;

-- Seat a person who stands at the door, and check them in. Returns the outcome and the registration.
create function seats_walk_in(door_cafe_id uuid, walking_attendee_id uuid, checking_attendee_id uuid)
returns table (outcome text, registration_id uuid) language plpgsql as $$
declare
  target record;
  there registration;
begin
  perform 1 from cafe_seats s where s.cafe_id = door_cafe_id for update;
  perform room_slots_lock(array[door_cafe_id]);
  select s.state, c.ends_at into target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = door_cafe_id;
  select * into there from registration r
  where r.attendee_id = walking_attendee_id and r.cafe_id = door_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted');
  outcome := case
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when target.state = 'cancelled' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.checked_in_at is not null then 'already-checked-in'
    -- A seat of theirs is kept already; else there must be a free one.
    when coalesce(there.status, 'waitlisted') = 'waitlisted' and seats_free(door_cafe_id) <= 0 then 'cafe-full'
    when there.overlapping and there.status = 'offered' then 'schedule-clash'
    when coalesce(there.status, 'waitlisted') = 'waitlisted'
      and take_minutes(array[door_cafe_id], array[walking_attendee_id]) = '{}' then 'schedule-clash'
    else 'checked-in'
  end;
  registration_id := there.id;
  if outcome = 'checked-in' then
    if there.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, changed_by, created_at)
      values (door_cafe_id, walking_attendee_id, 'confirmed', 'walk-in', checking_attendee_id, seats_now())
      returning id into registration_id;
    elsif there.status <> 'confirmed' then
      update registration r set status = 'confirmed', expires_at = null, cause = 'walk-in', changed_by = checking_attendee_id
      where r.id = there.id;
    end if;
    update registration r
    set checked_in_at = seats_now(), cause = 'walk-in', changed_by = checking_attendee_id
    where r.id = seats_walk_in.registration_id;
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$$;

-- Free the confirmed seats of a Café that has begun whose people are not there. Returns every registration changed; null
-- when it has not begun.
create function seats_release_no_shows(door_cafe_id uuid, releasing_attendee_id uuid)
returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  absent_ids uuid[];
  changed_ids uuid[];
begin
  if not exists (select from cafe c where c.id = door_cafe_id and c.starts_at <= seats_now()) then
    return null;
  end if;
  perform seats_lock_event(door_cafe_id, true);
  select array_agg(r.id) into absent_ids
  from registration r join cafe c on c.id = r.cafe_id
  where r.cafe_id = door_cafe_id and r.status = 'confirmed' and r.checked_in_at is null and c.ends_at > seats_now();
  select array_agg(e.registration_id) into changed_ids
  from seats_end(absent_ids, 'cancelled', 'no-show', releasing_attendee_id) e;
  return coalesce(changed_ids, '{}');
end
$$;

-- Change a Café's capacity, state or waitlist; what is null stays. Returns the outcome and every registration changed.
-- A capacity below the seats taken is refused, or with `as_target` approached as seats become free. A line that is closed,
-- and a Café that is, end the waiting of everybody in line; a cancelled Café ends all seats.
create function seats_change_cafe(
  changed_cafe_id uuid, new_capacity integer, as_target boolean, new_state cafe_state, new_waitlist_open boolean,
  changing_attendee_id uuid
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  seats cafe_seats;
  changed_room_id uuid;
  ended_cause seat_cause;
  changed_ids uuid[] := '{}';
begin
  locked_cafe_ids := seats_lock_event(changed_cafe_id, new_state is not distinct from 'cancelled');
  select * into seats from cafe_seats s where s.cafe_id = changed_cafe_id;
  select r.id, r.capacity into changed_room_id, room_capacity from cafe c join room r on r.id = c.room_id where c.id = changed_cafe_id;
  taken := seats.taken;
  outcome := case
    when seats.cafe_id is null then 'cafe-not-found'
    when new_capacity > room_capacity then 'capacity-above-room'
    when new_capacity < seats.taken and not as_target and new_state is distinct from 'cancelled' then 'capacity-below-taken'
    when new_state = 'draft' and seats.taken + seats.waitlisted > 0 then 'has-registrations'
    else 'changed'
  end;
  if outcome = 'changed' then
    if new_capacity is not null then
      update cafe_seats s set
        capacity = greatest(new_capacity, s.taken), target_capacity = case when new_capacity < s.taken then new_capacity end,
        version = s.version + 1
      where s.cafe_id = changed_cafe_id;
      perform seat_event_of_cafe(array[changed_cafe_id], 'organiser', changing_attendee_id);
      perform room_slots_find(array[changed_room_id]);
      -- Seats that are added go to the line, also when it is closed along with it.
      if new_state is distinct from 'cancelled' then
        changed_ids := seats_move_up(array[changed_cafe_id]);
      end if;
    end if;
    update cafe_seats s set
      state = coalesce(new_state, s.state), waitlist_open = coalesce(new_waitlist_open, s.waitlist_open), version = s.version + 1
    where s.cafe_id = changed_cafe_id
    returning * into seats;
    perform seat_event_of_cafe(array[changed_cafe_id], 'organiser', changing_attendee_id);

    ended_cause := case
      when seats.state = 'cancelled' then 'cafe-cancelled'
      when seats.state = 'closed' then 'cafe-closed'
      when not seats.waitlist_open then 'line-closed'
    end;
    if ended_cause is not null then
      changed_ids := changed_ids || coalesce(seats_leave(
        (
          select array_agg(r.id) from registration r
          where r.cafe_id = changed_cafe_id
            and (r.status = 'waitlisted' or (seats.state = 'cancelled' and r.status in ('held', 'offered', 'confirmed')))
        ),
        'cancelled', ended_cause, changing_attendee_id
      ), '{}');
    end if;
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  registration_ids := changed_ids;
  return next;
end
$$;

-- Whose seats would clash if this Café were at another time: the seat here, and the one in the way.
create function seats_clashing(moved_cafe_id uuid, new_starts_at timestamptz, new_ends_at timestamptz)
returns table (registration_id uuid, attendee_id uuid, other_registration_id uuid, other_cafe_id uuid) language sql stable as $$
  select r.id, r.attendee_id, o.id, o.cafe_id
  from registration r cross join lateral seats_in_the_way(r.attendee_id, new_starts_at, new_ends_at) o
  where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed') and o.id <> r.id
$$;

-- Move a Café to another time, room or capacity, with a decision for those who would have two seats at once (`swap`: the seat
-- becomes an offer to swap; `keep`: both seats stand; `cancel`) and one for the seats that are too many there (the last
-- given are cancelled, or the move is refused). Everybody with a seat or in line is told where the place or the time is another:
-- a seat that ends because of a clash is ended by the organiser, only one that is too many by the move.
-- Returns the outcome and every registration changed.
create function seats_move_cafe(
  moved_cafe_id uuid, new_room_id uuid, new_starts_at timestamptz, new_ends_at timestamptz, new_capacity integer,
  clash_decision text, cancel_excess boolean, moving_attendee_id uuid
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  seats cafe_seats;
  moved cafe;
  stays boolean;
  excess_ids uuid[];
  tried_ids uuid[];
  tried_attendee_ids uuid[];
  winners uuid[];
  clashing_ids uuid[];
  changed_ids uuid[] := '{}';
begin
  locked_cafe_ids := seats_lock_event(moved_cafe_id, true);
  select * into seats from cafe_seats s where s.cafe_id = moved_cafe_id;
  select * into moved from cafe c where c.id = moved_cafe_id;
  stays := moved.room_id = new_room_id and moved.starts_at = new_starts_at and moved.ends_at = new_ends_at;
  select r.capacity into room_capacity from room r where r.id = new_room_id and r.event_id = moved.event_id;
  taken := seats.taken;
  select array_agg(last.id) into excess_ids from (
    select r.id from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed')
    order by r.created_at desc, r.id desc limit greatest(seats.taken - new_capacity, 0)
  ) last;
  outcome := case
    when seats.cafe_id is null then 'cafe-not-found'
    when room_capacity is null then 'room-not-found'
    when new_ends_at <= new_starts_at or new_ends_at > new_starts_at + interval '24 hours' then 'ends-before-start'
    when new_ends_at <= seats_now() and not stays then 'ends-before-now'
    when new_capacity > room_capacity then 'capacity-above-room'
    when excess_ids is not null and not cancel_excess then 'capacity-below-taken'
    else 'moved'
  end;
  if outcome <> 'moved' then
    return next;
    return;
  end if;

  begin
    changed_ids := coalesce(seats_leave(excess_ids, 'cancelled', 'move', moving_attendee_id), '{}');
    -- The seats of a Café that does not stay where it is leave their old minutes, and take the new ones where their people are free. An offer to swap takes none.
    select array_agg(r.id order by r.id), array_agg(r.attendee_id order by r.id) into tried_ids, tried_attendee_ids
    from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed')
      and not (r.status = 'offered' and r.overlapping) and not stays;
    perform give_back_minutes(array_agg(r.cafe_id), array_agg(r.attendee_id), array_agg(null::integer))
    from registration r where r.id = any (tried_ids) and not r.overlapping having count(*) > 0;
    update cafe_seats s set capacity = new_capacity, target_capacity = null where s.cafe_id = moved_cafe_id;
    update cafe c set room_id = new_room_id, starts_at = new_starts_at, ends_at = new_ends_at where c.id = moved_cafe_id;
    if moved.room_id <> new_room_id then
      -- Other hosts are owed the list.
      delete from scheduled_mail m where m.kind = 'host-list' and m.subject_id = moved_cafe_id;
    end if;
    if stays then
      perform room_slots_find(array[new_room_id]);
      update cafe_seats s set version = s.version + 1 where s.cafe_id = moved_cafe_id;
      perform seat_event_of_cafe(array[moved_cafe_id], 'move', moving_attendee_id);
    end if;
    if tried_ids is not null then
      winners := take_minutes(array_fill(moved_cafe_id, array[cardinality(tried_ids)]), tried_attendee_ids);
      select array_agg(t.id) into clashing_ids
      from unnest(tried_ids, tried_attendee_ids) as t (id, attendee_id) where t.attendee_id <> all (winners);
    end if;
    if clash_decision is null and clashing_ids is not null then
      raise exception 'move-clashes' using errcode = 'CSEAT';
    end if;

    update registration r set
      cause = 'move', changed_by = moving_attendee_id,
      overlapping = case
        when r.id = any (clashing_ids) then true
        when r.id = any (tried_ids) then false
        else r.overlapping
      end,
      status = case when r.id = any (clashing_ids) and (clash_decision = 'swap' or r.status = 'held') then 'offered' else r.status end,
      expires_at = case
        when r.id = any (clashing_ids) and (clash_decision = 'swap' or r.status = 'held')
          then offer_expires_at(new_starts_at, new_ends_at)
        when r.status = 'offered' or (r.status = 'held' and r.waitlist_number is not null)
          then least(r.expires_at, offer_expires_at(new_starts_at, new_ends_at))
        else r.expires_at
      end,
      checked_in_at = case when r.id = any (clashing_ids) and clash_decision = 'swap' then null else r.checked_in_at end
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not stays;
    if clash_decision = 'cancel' then
      changed_ids := changed_ids || coalesce(seats_leave(clashing_ids, 'cancelled', 'organiser', moving_attendee_id), '{}');
    end if;
    select changed_ids || coalesce(array_agg(r.id), '{}') into changed_ids
    from registration r where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not stays;
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
  exception when check_violation or sqlstate 'CSEAT' then
    -- Nothing since `begin` remains. The check is that of room_slot: at the new time the room is full with its other Cafés.
    outcome := case sqlstate when 'CSEAT' then sqlerrm else 'room-full' end;
    registration_ids := null;
    return next;
    return;
  end;
  perform pg_notify('outbox', '');
  registration_ids := changed_ids;
  return next;
end
$$;

-- What the checker compares: each Café's counters beside a recount of its registrations, each shared time of a room beside its
-- Cafés' seats, each Café's minutes beside those of its times, and each person's beside those of their seats, where they differ. No row is
-- the right answer.
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
  select 'room', p.room_id, format('at %s taken %s of %s', p.starts_at, p.taken, p.capacity), format('taken %s of %s', n.taken, r.capacity)
  from room_slot p join room r on r.id = p.room_id
  cross join lateral (
    select coalesce(sum(s.taken), 0) as taken
    from cafe c join cafe_seats s on s.cafe_id = c.id
    where c.room_id = p.room_id and c.starts_at <= p.starts_at and c.ends_at >= p.ends_at
  ) n
  where (p.taken, p.capacity) <> (n.taken, r.capacity)
  union all
  select 'cafe', cafe_id, format('day %s: %s minutes of %s days', day, mine.count, mine.days), format('%s of %s', bit_count(n.minutes), n.days)
  from cafe_minutes mine
  full join (
    select c.id as cafe_id, m.day, m.minutes, count(*) over (partition by c.id) as days
    from cafe c cross join lateral minutes_of(c.starts_at, c.ends_at) m
  ) n using (cafe_id, day)
  where (mine.minutes, mine.count, mine.days) is distinct from (n.minutes, bit_count(n.minutes)::integer, n.days::integer)
  union all
  select 'attendee', coalesce(mine.attendee_id, n.attendee_id), mine.busy_minutes::text, n.busy_minutes::text
  from (select d.attendee_id, d.day, d.busy, d.busy_minutes from attendee_day d where d.busy_minutes > 0) mine
  full join (
    select r.attendee_id, m.day, bit_or(m.minutes) as busy, sum(bit_count(m.minutes))::integer as busy_minutes
    from registration r join cafe c on c.id = r.cafe_id cross join lateral minutes_of(c.starts_at, c.ends_at) m
    where r.status in ('held', 'offered', 'confirmed') and not r.overlapping
    group by r.attendee_id, m.day
  ) n using (attendee_id, day)
  where (mine.busy, mine.busy_minutes) is distinct from (n.busy, n.busy_minutes)
$$;
