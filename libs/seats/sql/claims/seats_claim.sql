-- A batch of claims by people who are signed in (or by a delegate for people whose address is proved), in the order of arrival; each
-- person at most once in a batch. `guest-registration`: the person has a guest registration in that Café, which is named; nothing
-- changed (seats_prove confirms it). Claims without a session: seats_claim_guests.
-- Returns the answers, a row for all claims that are answered alike, whatever their Café: what became of them, their places in the batch,
-- and in the same order their registrations and positions in line; where there are registrations, with the times of their Cafés.
create or replace function seats_claim(
  claimed_cafe_ids uuid[], claiming_attendee_ids uuid[], claimed_delegation_id uuid default null, claiming_by uuid default null
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
  claim_cause seat_cause := case when claimed_delegation_id is null then 'claim' else 'delegation' end;
  v_guests boolean;         -- whether any of their Cafés has guest registrations
  v_guest_places integer[]; -- claims by people who have one there that is not over, and none of their own
  sibling text;             -- from which the id of the registration at each place is made
begin
  -- The one lock: from here on nobody else gives or frees a seat of these Cafés until we commit.
  select bool_or(l.unproved + l.unproved_waiting > 0) into v_guests
  from (
    select s.unproved, s.unproved_waiting from cafe_seats s where s.cafe_id = any (claimed_cafe_ids) order by s.cafe_id for update
  ) l;
  if v_guests and claimed_delegation_id is null then
    v_guest_places := guest_places(claimed_cafe_ids, claiming_attendee_ids);
    -- As those who clash: they are not given a seat here.
    clashing_places := coalesce(v_guest_places, '{}');
  end if;
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
          and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
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
        and r.status in ('offered', 'confirmed') and not r.guest
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
      insert into registration (id, cafe_id, attendee_id, status, cause, changed_by, delegation_id, created_at)
      select
        g.id, claimed_cafe_ids[g.place], claiming_attendee_ids[g.place], 'confirmed', claim_cause,
        claiming_by, claimed_delegation_id, seats_now()
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
      insert into registration (id, cafe_id, attendee_id, status, waitlist_number, cause, changed_by, delegation_id, created_at)
      select
        l.id, claimed_cafe_ids[l.place], claiming_attendee_ids[l.place], 'waitlisted', l.number, claim_cause,
        claiming_by, claimed_delegation_id, seats_now()
      from unnest(lined_places, lined_ids, lined_numbers) as l (place, id, number);
    end if;
  end if;

  -- What was made here is told from here; only the other answers need to look.
  if given_ids <> '{}' and alike then
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
      'confirmed'::registration_status, null::timestamptz, null::timestamptz, seats_now(),
      c.event_id, c.starts_at, c.ends_at
    from (
      select t.place, t.id, claimed_cafe_ids[t.place] as cafe_id
      from unnest(given_places, given_ids) as t (place, id)
    ) g
    join cafe c on c.id = g.cafe_id
    where c.id = any (claimed_cafe_ids)
    group by c.event_id, c.starts_at, c.ends_at;
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
          when i.place = any (v_guest_places) then 'guest-registration'
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
          and mine.status in ('held', 'offered', 'confirmed', 'waitlisted') and not mine.guest
        union all
        select * from registration theirs
        where i.place = any (v_guest_places) and theirs.attendee_id = i.attendee_id and theirs.cafe_id = i.cafe_id
          and theirs.status in ('held', 'waitlisted') and theirs.guest
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
