-- Guest registrations (docs/adr/0014): made without their person's session, and not confirmed by that person yet. Owner: libs/seats.

-- How many of a Café's seats people may hold together who have not proved their address.
alter table event add column unproved_share_percent integer not null default 50;
alter table event add constraint event_unproved_share_is_a_share check (unproved_share_percent between 0 and 100);

-- A guest registration takes none of its person's minutes, and stands beside their own registrations. Only its person confirms it
-- (seats_prove). It stays marked when it ends.
alter table registration add column guest boolean not null default false;
-- Of a guest who waits although a seat is free: until when they may prove their address to be given it.
alter table registration add column prove_by timestamptz;

-- Guest registrations that are held, and that wait.
alter table cafe_seats add column unproved integer not null default 0;
alter table cafe_seats add column unproved_waiting integer not null default 0;

-- The mailbox of an address, for counting alone: many addresses reach one mailbox. This is the only place that says which.
create function mailbox_of(p_email text) returns text language sql immutable as $$
  select replace(split_part(split_part(lower(p_email), '@', 1), '+', 1), '.', '') || '@' || split_part(lower(p_email), '@', 2)
$$;

-- How many seats are held for the people of one mailbox, in all Cafés. No row is none.
create table mailbox_hold (
  mailbox text primary key,
  held integer not null
);

-- What the claim token of a guest registration shows after the registration stopped being one in another way than by its time. Anybody may
-- have claimed it, so the token does not follow the seat. Proved by its own mail or token: what the registration became, for an hour. Else
-- (its person's own choice, a no, a cancelled Café): what it was, until it would have run out.
create table guest_outcome (
  registration_id uuid primary key references registration on delete cascade,
  status registration_status not null,
  -- Null: until the Café is over.
  until timestamptz,
  proved boolean not null default false
);

-- The name and the organisation that another person typed with a registration: a claim without a session, a delegation, a walk-in. Hosts and
-- organisers see them instead of what the attendee goes by, so that nobody learns that by typing an address. The row goes when the
-- person makes the registration their own (registration_changed).
create table typed_name (
  registration_id uuid primary key references registration on delete cascade,
  name text not null,
  organisation text
);

-- Until now such registrations were marked by their status or their challenge.
alter table registration disable trigger registration_changed;
update registration set guest = true where status = 'held' or (status = 'waitlisted' and challenge_id is not null);
alter table registration enable trigger registration_changed;
update cafe_seats s set unproved = n.held, unproved_waiting = n.waiting
from (
  select
    r.cafe_id, count(*) filter (where r.status = 'held')::integer as held, count(*) filter (where r.status = 'waitlisted')::integer as waiting
  from registration r where r.guest group by r.cafe_id
) n
where n.cafe_id = s.cafe_id;
select give_back_minutes(array_agg(r.cafe_id), array_agg(r.attendee_id), array_agg(null::integer))
from registration r where r.status = 'held' having count(*) > 0;
insert into mailbox_hold (mailbox, held)
select mailbox_of(a.email), count(*)
from registration r join attendee a on a.id = r.attendee_id where r.status = 'held' group by 1;

insert into typed_name (registration_id, name, organisation)
select r.id, a.name, a.organisation
from registration r join attendee a on a.id = r.attendee_id
where r.guest and r.status in ('held', 'waitlisted') and a.email_proved_at is null;

alter table registration drop column challenge_id;
alter table registration add constraint registration_guest_is_unconfirmed check (
  not guest or status in ('held', 'waitlisted', 'cancelled', 'expired')
);
alter table registration add constraint registration_held_is_of_a_guest check (guest or status <> 'held');
alter table registration add constraint registration_proves_while_waiting check (
  prove_by is null or (guest and status = 'waitlisted')
);
alter table cafe_seats add constraint cafe_seats_unproved_in_bounds check (
  unproved between 0 and taken and unproved_waiting between 0 and waitlisted
);

drop index registration_once;
-- A person is at most once in a Café by their own choice, seated or in line; also how their own active registrations are listed.
create unique index registration_once on registration (attendee_id, cafe_id)
  where status in ('held', 'offered', 'confirmed', 'waitlisted') and not guest;
-- And at most once without it; also how their active guest registrations are listed.
create unique index registration_guest_once on registration (attendee_id, cafe_id)
  where status in ('held', 'waitlisted') and guest;
-- Whose time to prove an address runs out next.
create index registration_prove_by on registration (prove_by) where prove_by is not null;
-- The delegations of a person.
create index delegation_attendee on delegation (attendee_id) where attendee_id is not null;

-- So many seats begin (or end) to be held for these people: the rows of mailbox_hold follow.
create function mailbox_holds_count(p_attendee_ids uuid[], p_seats integer[]) returns void language plpgsql
set enable_seqscan = off set enable_nestloop = on
as $$
declare
  v_mailboxes text[];
  v_seats integer[];
begin
  select array_agg(n.mailbox order by n.mailbox), array_agg(n.seats order by n.mailbox) into v_mailboxes, v_seats
  from (
    select mailbox_of(a.email) as mailbox, sum(k.seats)::integer as seats
    from unnest(p_attendee_ids, p_seats) as k (attendee_id, seats) join attendee a on a.id = k.attendee_id
    group by 1 having sum(k.seats) <> 0
  ) n;
  insert into mailbox_hold as mine (mailbox, held)
  select n.mailbox, n.seats from unnest(v_mailboxes, v_seats) as n (mailbox, seats) where n.seats > 0 order by n.mailbox
  on conflict (mailbox) do update set held = mine.held + excluded.held;
  update mailbox_hold h set held = h.held + n.seats
  from unnest(v_mailboxes, v_seats) as n (mailbox, seats) where n.seats < 0 and h.mailbox = n.mailbox;
  delete from mailbox_hold h where h.mailbox = any (v_mailboxes) and h.held = 0;
end
$$;

-- The message that a change owes its person; null where there is nothing to tell. Every branch is of the type itself, so that
-- the function is read into the statement that calls it: called a row at a time it would be the dearest part of it.
create or replace function mail_kind_of(was registration_status, is_now registration_status, cause seat_cause, waited boolean)
returns mail_kind language sql immutable as $$
  select case
    when was = is_now then case when cause = 'move' then 'cafe-moved'::mail_kind end
    when is_now = 'held' or (is_now = 'waitlisted' and cause = 'guest') then 'prove-address'::mail_kind
    when is_now = 'waitlisted' then 'waitlisted'::mail_kind
    when is_now = 'offered' then 'offered'::mail_kind
    when is_now = 'confirmed' then case cause
      when 'line' then 'moved-up'::mail_kind when 'swap' then 'swapped'::mail_kind when 'walk-in' then null
      else 'confirmed'::mail_kind
    end
    -- Of a seat kept for a guest who asked a moment ago the mail said how long; whoever waited for one is told that it went on.
    when is_now = 'expired' then case when was = 'offered' or (was = 'held' and waited) then 'offer-expired'::mail_kind end
    when was = 'waitlisted' and cause in ('line-closed', 'cafe-closed') then 'line-closed'::mail_kind
    when cause in ('cafe-cancelled', 'organiser') then 'cancelled-by-organiser'::mail_kind
    -- There are not enough seats where the Café moved to.
    when cause = 'move' then 'capacity-lost'::mail_kind
    -- `proof`: a guest registration that ends because its person has one of their own in the Café.
    when cause not in ('swap', 'declined', 'proof') then 'cancelled'::mail_kind
  end
$$;

-- Whatever happens to registrations, this follows in the same statement: the Cafés' counters and versions, the rooms' slots,
-- the message to each person, the ledger. registration_made does it for new ones, registration_changed for others, so that no
-- function that gives or frees a seat can forget any of it.
--
-- A plan that was made for one row is kept for five hundred. So here, and where else many are put beside many (take_minutes,
-- seats_claim), tables are read by `= any`, and what was read is joined by hash: never each row held against each.
create or replace function registration_made() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  made_rows bigint;
  counted_rows bigint;    -- those of them whose Café there is
  known_attendees bigint;
  sharing boolean;
  holding boolean;          -- whether any of them is a seat held for an unproved person
begin
  with by_cafe as (
    select
      m.cafe_id, count(*) filter (where m.status <> 'waitlisted')::integer as seats,
      count(*) filter (where m.status = 'waitlisted')::integer as waiting, max(m.waitlist_number) as last_number,
      count(*) filter (where m.status = 'held')::integer as unproved,
      count(*) filter (where m.status = 'waitlisted' and m.guest)::integer as unproved_waiting
    from made m group by m.cafe_id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting,
      unproved = s.unproved + n.unproved, unproved_waiting = s.unproved_waiting + n.unproved_waiting,
      last_waitlist_number = greatest(s.last_waitlist_number, n.last_number), version = s.version + 1
    from by_cafe n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select b.cafe_id from by_cafe b))
    returning s.cafe_id, s.version, n.seats + n.waiting as made_rows, s.pooled and n.seats > 0 as sharing,
      n.unproved > 0 as holding
  ),
  -- What was made alike is told alike.
  alike as (
    select
      m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping, mail_kind_of(null, m.status, m.cause, false) as kind,
      array_agg(k.cafe_id) as cafe_ids, array_agg(k.version) as versions, array_agg(m.id) as ids, array_agg(m.attendee_id) as attendee_ids,
      case when m.status = 'waitlisted' then array_agg(m.waitlist_number) else '{}' end as waitlist_numbers
    from made m join counted k on k.cafe_id = m.cafe_id
    group by m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping
  ),
  told as (
    insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids)
    select a.ids[1], a.kind, a.ids, a.attendee_ids, '{}' from alike a where a.kind is not null
  ),
  recorded as (
    insert into seat_event_made (
      at, id, status, cause, changed_by, cafe_ids, versions, registration_ids, attendee_ids, waitlist_numbers, expires_at, overlapping
    )
    select
      a.created_at, a.ids[1], a.status, a.cause, a.changed_by, a.cafe_ids, a.versions, a.ids, a.attendee_ids, a.waitlist_numbers,
      a.expires_at, a.overlapping
    from alike a
  )
  -- References, once a batch, in which each person is once. A foreign key would look at the attendee and the Café of every row by
  -- itself and write a lock into both, the largest cost of a claim (docs/adr/0005).
  select
    (select count(*) from made), coalesce(sum(k.made_rows), 0),
    (select count(*) from attendee a where a.id = any (array(select m.attendee_id from made m))), bool_or(k.sharing), bool_or(k.holding)
  into made_rows, counted_rows, known_attendees, sharing, holding from counted k;
  if counted_rows <> made_rows or known_attendees <> made_rows then
    raise exception 'a registration names an attendee or a Café that does not exist, or an attendee twice'
      using errcode = 'foreign_key_violation';
  end if;
  -- By itself, because most rooms are large enough, and a statement costs for each of its parts.
  if sharing then
    perform room_slots_count(array_agg(n.cafe_id), array_agg(n.seats))
    from (select m.cafe_id, count(*)::integer as seats from made m where m.status <> 'waitlisted' group by m.cafe_id) n;
  end if;
  if holding then
    perform mailbox_holds_count(array_agg(m.attendee_id), array_agg(1)) from made m where m.status = 'held';
  end if;
  return null;
end
$$;

create or replace function registration_changed() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  sharing_cafe_ids uuid[];
  sharing_seats integer[];
  v_holding_ids uuid[];   -- people of whom a held seat began or ended
  v_holds integer[];
begin
  with changed as (
    select
      n.id, n.cafe_id, n.attendee_id, n.cause, n.changed_by, n.expires_at, n.overlapping, o.status as was, n.status,
      n.waitlist_number is not null as waited,
      (n.status in ('held', 'offered', 'confirmed'))::integer - (o.status in ('held', 'offered', 'confirmed'))::integer as seats,
      (n.status = 'waitlisted')::integer - (o.status = 'waitlisted')::integer as waiting,
      (n.checked_in_at is not null)::integer - (o.checked_in_at is not null)::integer as present,
      (n.status = 'held')::integer - (o.status = 'held')::integer as unproved,
      (n.guest and n.status = 'waitlisted')::integer - (o.guest and o.status = 'waitlisted')::integer as unproved_waiting,
      o.guest and o.status in ('held', 'waitlisted') and (not n.guest or n.status = 'cancelled') as was_guest,
      coalesce(o.expires_at, o.prove_by) as guest_until,
      case
        when n.status <> o.status then n.status::text
        when n.checked_in_at is not null and o.checked_in_at is null then 'checked-in'
        when n.checked_in_at is null and o.checked_in_at is not null then 'check-in-undone'
        else 'told'
      end as what
    from after_change n join before_change o on o.id = n.id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting, present = s.present + n.present,
      unproved = s.unproved + n.unproved, unproved_waiting = s.unproved_waiting + n.unproved_waiting,
      capacity = case when s.target_capacity is null then s.capacity else greatest(s.target_capacity, s.taken + n.seats) end,
      target_capacity = case when s.target_capacity < s.taken + n.seats then s.target_capacity end,
      version = s.version + 1
    from (
      select
        c.cafe_id, sum(c.seats)::integer as seats, sum(c.waiting)::integer as waiting, sum(c.present)::integer as present,
        sum(c.unproved)::integer as unproved, sum(c.unproved_waiting)::integer as unproved_waiting
      from changed c group by c.cafe_id
    ) n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select c.cafe_id from changed c))
    returning s.cafe_id, s.version, s.pooled, n.seats
  ),
  told as (
    insert into outbox (kind, attendee_id, registration_id)
    select t.kind, t.attendee_id, t.id
    from (select mail_kind_of(c.was, c.status, c.cause, c.waited) as kind, c.* from changed c) t
    where t.kind is not null
    order by t.id
  ),
  owned as (
    delete from typed_name t where t.registration_id = any (array(
      select c.id from changed c
      where c.status in ('offered', 'confirmed', 'waitlisted') and c.cause in ('proof', 'acceptance', 'swap')
    ))
  ),
  outcomes as (
    insert into guest_outcome (registration_id, status, until)
    select c.id, c.was, c.guest_until from changed c where c.was_guest
  ),
  recorded as (
    insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, expires_at, overlapping)
    select
      k.cafe_id, k.version, seats_now(), c.what, c.cause, c.changed_by, array_agg(c.id order by c.id),
      array_agg(c.attendee_id order by c.id), c.expires_at, c.overlapping
    from changed c join counted k on k.cafe_id = c.cafe_id
    group by k.cafe_id, k.version, c.what, c.cause, c.changed_by, c.expires_at, c.overlapping
  )
  select
    array_agg(k.cafe_id) filter (where k.pooled and k.seats <> 0), array_agg(k.seats) filter (where k.pooled and k.seats <> 0),
    (select array_agg(c.attendee_id) from changed c where c.unproved <> 0),
    (select array_agg(c.unproved) from changed c where c.unproved <> 0)
  into sharing_cafe_ids, sharing_seats, v_holding_ids, v_holds from counted k;
  if sharing_cafe_ids is not null then
    perform room_slots_count(sharing_cafe_ids, sharing_seats);
  end if;
  if v_holding_ids is not null then
    perform mailbox_holds_count(v_holding_ids, v_holds);
  end if;
  return null;
end
$$;

-- Whoever has a seat or waits is not deleted, nor is their Café: the engine ends registrations first, so that the counters
-- stay right and the line moves up. Registrations that have ended go along. The lock waits for claims under way, which may
-- name the row, and lets later ones wait until it is gone.
create or replace function registration_ends_first() returns trigger language plpgsql as $$
begin
  lock table registration in share row exclusive mode;
  if tg_table_name = 'attendee' then
    delete from registration r where r.attendee_id = old.id and r.status in ('cancelled', 'expired');
    delete from attendee_day where attendee_id = old.id and busy_minutes = 0;
    if exists (select from attendee_day d where d.attendee_id = old.id)
      or exists (
        select from registration r
        where r.attendee_id = old.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
      )
      or exists (
        select from registration r where r.attendee_id = old.id and r.status in ('held', 'waitlisted') and r.guest
      )
    then
      raise exception 'this attendee has a seat or waits for one' using errcode = 'foreign_key_violation';
    end if;
  else
    if exists (select from cafe_seats s where s.cafe_id = old.id and s.taken + s.waitlisted > 0) then
      raise exception 'this Café has registrations' using errcode = 'foreign_key_violation';
    end if;
    delete from registration where cafe_id = old.id;
  end if;
  return old;
end
$$;

-- A person's own seats that take their minutes at some time between these two. A guest registration takes none.
create or replace function seats_in_the_way(asked_attendee_id uuid, from_at timestamptz, until_at timestamptz)
returns setof registration language sql stable as $$
  select r.* from registration r join cafe c on c.id = r.cafe_id
  where r.attendee_id = asked_attendee_id and r.status in ('offered', 'confirmed') and not r.guest and not r.overlapping
    and c.starts_at < until_at and from_at < c.ends_at
$$;

-- Locks, after those that the seat functions name: 5. rows of mailbox_hold, by mailbox within a statement.

-- Whether one more seat each may be held for these mailboxes (a mailbox may be named several times), with those that the caller
-- holds already and that are not counted yet. Locks their rows until the transaction ends: nobody else decides about them.
create function mailboxes_fit(p_mailboxes text[], p_not_counted text[]) returns boolean language plpgsql
set enable_seqscan = off set enable_nestloop = on
as $$
begin
  perform mailboxes_lock(p_mailboxes);
  return not exists (
    select from unnest(p_mailboxes) as m (mailbox) join mailbox_hold h on h.mailbox = m.mailbox
    group by h.mailbox, h.held
    having h.held + count(*) + coalesce(cardinality(array_positions(p_not_counted, h.mailbox)), 0) > mailbox_holds_max()
  );
end
$$;

-- The most seats that are held for one mailbox at a time. A constraint of mailbox_hold says so too.
create function mailbox_holds_max() returns integer language sql immutable as $$ select 3 $$;

-- Lock the rows of these mailboxes, made where there are none. The caller deletes those that stay at 0 (mailboxes_forget).
create function mailboxes_lock(p_mailboxes text[]) returns void language sql as $$
  insert into mailbox_hold as mine (mailbox, held)
  select distinct m.mailbox, 0 from unnest(p_mailboxes) as m (mailbox) where m.mailbox is not null order by m.mailbox
  on conflict (mailbox) do update set held = mine.held
$$;

-- Delete those of these mailboxes' rows that count nothing.
create function mailboxes_forget(p_mailboxes text[]) returns void language sql as $$
  delete from mailbox_hold h where h.mailbox = any (p_mailboxes) and h.held = 0
$$;

-- How many seats of a Café can be given to guest registrations now: the free ones, within the share of people who have not proved their
-- address.
create function seats_free_for_guests(p_cafe_id uuid) returns integer language sql as $$
  select least(seats_free(p_cafe_id), ceil(s.capacity * e.unproved_share_percent / 100.0)::integer - s.unproved)
  from cafe_seats s join cafe c on c.id = s.cafe_id join event e on e.id = c.event_id where s.cafe_id = p_cafe_id
$$;

-- The active guest registration of a person in a Café.
create function guest_registration_id(p_attendee_id uuid, p_cafe_id uuid) returns uuid language sql stable as $$
  select r.id from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id and r.status in ('held', 'waitlisted') and r.guest
$$;

-- Whether a guest registration can still be confirmed: neither its time nor its Café is over.
create function guest_registration_is_open(p_registration registration) returns boolean language sql stable as $$
  select (p_registration).guest and (p_registration).status in ('held', 'waitlisted')
    and coalesce((p_registration).expires_at, (p_registration).prove_by, 'infinity') > seats_now()
    and exists (select from cafe c where c.id = (p_registration).cafe_id and c.ends_at > seats_now())
$$;

-- The places of those claims whose person has an open guest registration in the Café, and no registration of their own.
create function guest_places(p_cafe_ids uuid[], p_attendee_ids uuid[]) returns integer[] language sql stable as $$
  select array_agg(i.place::integer)
  from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  join registration g on g.attendee_id = i.attendee_id and g.cafe_id = i.cafe_id and g.status in ('held', 'waitlisted') and g.guest
  join cafe_seats s on s.cafe_id = g.cafe_id
  where s.state <> 'draft' and guest_registration_is_open(g) and not exists (
    select from registration own
    where own.attendee_id = i.attendee_id and own.cafe_id = i.cafe_id
      and own.status in ('held', 'offered', 'confirmed', 'waitlisted') and not own.guest
  )
$$;

drop function seats_claim(uuid[], uuid[], boolean[], uuid[], interval, uuid, uuid);

-- A batch of claims by people who are signed in (or by a delegate for people whose address is proved), in the order of arrival; each
-- person at most once in a batch. `guest-registration`: the person has a guest registration in that Café, which is named; nothing
-- changed (seats_prove confirms it). Claims without a session: seats_claim_guests.
-- Returns the answers, a row for all claims that are answered alike, whatever their Café: what became of them, their places in the batch,
-- and in the same order their registrations and positions in line; where there are registrations, with the times of their Cafés.
create function seats_claim(
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

-- The Cafés that freeing these registrations can touch, and the Cafés named besides: where their people wait, and what shares a room
-- with them. In the order in which their lines move: those that get a seat back first.
create or replace function cafes_around(freed_ids uuid[], named_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  freed_cafe_ids uuid[] := array(select distinct r.cafe_id from registration r where r.id = any (freed_ids));
begin
  return array(
    with own as (select unnest(freed_cafe_ids || named_cafe_ids) as cafe_id),
    around as (
      select own.cafe_id from own
      union
      select w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
      where r.id = any (freed_ids) and w.status = 'waitlisted' and not w.guest
      union
      select other.id
      from own join cafe c on c.id = own.cafe_id join cafe_seats s on s.cafe_id = c.id and s.pooled
      join cafe other on other.room_id = c.room_id and other.starts_at < c.ends_at and c.starts_at < other.ends_at
    )
    select a.cafe_id from around a order by a.cafe_id <> all (freed_cafe_ids), a.cafe_id
  );
end
$$;

-- Where those with a seat at a Café wait, at whatever event.
create or replace function lines_of_people_at(asked_cafe_id uuid) returns uuid[] language sql as $$
  select array(
    select distinct w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
    where r.cafe_id = asked_cafe_id and r.status in ('offered', 'confirmed') and w.status = 'waitlisted' and not w.guest
  )
$$;

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

-- The first guest registrations in a Café's line, but those beyond what their mailbox may have held now: however many aliases of one mailbox
-- wait in front, those behind them come into view.
create function guests_in_line(p_cafe_id uuid, p_max integer) returns uuid[] language sql stable as $$
  select array(
    select l.id from (
      -- Of a group that waits as one it is not known yet whether it takes what its mailboxes may have.
      select r.id, r.waitlist_number, mailbox_of(a.email) as mailbox, g.id as group_id,
        count(*) filter (where g.id is null) over (partition by mailbox_of(a.email) order by r.waitlist_number) as number
      from registration r join attendee a on a.id = r.attendee_id
      left join delegation g on g.id = r.delegation_id and g.mode = 'all'
      where r.cafe_id = p_cafe_id and r.status = 'waitlisted' and r.guest
    ) l
    left join mailbox_hold h on h.mailbox = l.mailbox
    where l.group_id is not null or l.number + coalesce(h.held, 0) <= mailbox_holds_max()
    order by l.waitlist_number limit p_max
  )
$$;

-- Give a Café's free seats to the guest registrations in its line, in their order, within the share of unproved people and what a
-- mailbox may hold. A group that asked for `all` and has a guest among its people in line is given as a whole: the guests' seats are
-- held, the others' as in any line. A guest's seat is held for ten minutes, and no longer than the Café lasts.
create function seats_move_guests_up(p_cafe_id uuid) returns uuid[] language plpgsql as $$
declare
  v_free integer := seats_free(p_cafe_id);
  v_for_guests integer := seats_free_for_guests(p_cafe_id);
  v_unit record;
  v_winners uuid[];
  v_candidate_ids uuid[];
  v_seen_mailboxes text[];
  v_held_mailboxes text[] := '{}';
  v_moved_ids uuid[] := '{}';
begin
  if v_for_guests <= 0 then
    return v_moved_ids;
  end if;
  v_candidate_ids := guests_in_line(p_cafe_id, v_for_guests + 20);
  -- All at once, so that no other transaction holds one of them and waits for another.
  select array_agg(distinct mailbox_of(a.email)) into v_seen_mailboxes
  from registration r join attendee a on a.id = r.attendee_id
  where r.guest and r.status = 'waitlisted'
    and (r.id = any (v_candidate_ids) or r.delegation_id = any (array(select c.delegation_id from registration c where c.id = any (v_candidate_ids))));
  perform mailboxes_lock(v_seen_mailboxes);
  for v_unit in
    select
      array_agg(r.id order by r.waitlist_number) as ids, array_agg(r.attendee_id) filter (where not r.guest) as own_attendee_ids,
      array_agg(mailbox_of(a.email)) filter (where r.guest) as mailboxes
    from registration r
    join attendee a on a.id = r.attendee_id
    left join delegation g on g.id = r.delegation_id and g.mode = 'all'
    where r.cafe_id = p_cafe_id and r.status = 'waitlisted'
      and (r.id = any (v_candidate_ids) or g.id = any (array(select c.delegation_id from registration c where c.id = any (v_candidate_ids))))
    group by coalesce(g.id, r.id)
    having bool_or(r.guest)
    order by min(r.waitlist_number)
  loop
    exit when v_for_guests <= 0;
    continue when cardinality(v_unit.ids) > v_free or cardinality(v_unit.mailboxes) > v_for_guests;
    continue when not mailboxes_fit(v_unit.mailboxes, v_held_mailboxes);
    if v_unit.own_attendee_ids is not null then
      v_winners := take_minutes(array_fill(p_cafe_id, array[cardinality(v_unit.own_attendee_ids)]), v_unit.own_attendee_ids);
      if cardinality(v_winners) < cardinality(v_unit.own_attendee_ids) then
        perform give_back_minutes(array_agg(p_cafe_id), array_agg(w.id), array_agg(null::integer))
        from unnest(v_winners) as w (id) having count(*) > 0;
        continue;
      end if;
    end if;
    v_free := v_free - cardinality(v_unit.ids);
    v_for_guests := least(v_for_guests - cardinality(v_unit.mailboxes), v_free);
    v_held_mailboxes := v_held_mailboxes || v_unit.mailboxes;
    v_moved_ids := v_moved_ids || v_unit.ids;
  end loop;

  update registration r set
    status = case
      when r.guest then 'held'
      when c.starts_at <= seats_now() + interval '2 hours' then 'offered'
      else 'confirmed'
    end::registration_status,
    expires_at = case
      when r.guest then least(seats_now() + interval '10 minutes', c.ends_at)
      when c.starts_at <= seats_now() + interval '2 hours' then offer_expires_at(c.starts_at, c.ends_at)
    end,
    prove_by = null, cause = 'line', changed_by = null
  from cafe c where r.id = any (v_moved_ids) and c.id = r.cafe_id;
  perform mailboxes_forget(v_seen_mailboxes);
  return v_moved_ids;
end
$$;

-- A batch of claims without a session, each person at most once: a seat is held for them within the share and what their mailbox may
-- hold; else they wait. Nothing that the person has elsewhere is looked at. Decided Café by Café, within one in the order of arrival.
-- `p_names`, `p_organisations`: what was typed with each. Answers as seats_claim does, a row a claim.
create function seats_claim_guests(
  p_cafe_ids uuid[], p_attendee_ids uuid[], p_hold_ttl interval, p_delegation_id uuid default null, p_by uuid default null,
  p_names text[] default null, p_organisations text[] default null
)
returns table (
  outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[],
  status registration_status, expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz, prove_by timestamptz
)
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_mailboxes text[] := array(
    select mailbox_of(a.email)
    from unnest(p_attendee_ids) with ordinality as i (id, place) left join attendee a on a.id = i.id order by i.place
  );
  v_claims record;   -- those on one Café
  v_made_ids uuid[] := '{}';
begin
  perform 1 from cafe_seats s where s.cafe_id = any (p_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(p_cafe_ids);
  perform mailboxes_lock(v_mailboxes);
  for v_claims in
    select i.cafe_id, array_agg(i.attendee_id order by i.place) as attendee_ids, array_agg(i.mailbox order by i.place) as mailboxes
    from unnest(p_cafe_ids, p_attendee_ids, v_mailboxes) with ordinality as i (cafe_id, attendee_id, mailbox, place)
    group by i.cafe_id order by i.cafe_id
  loop
    v_made_ids := v_made_ids
      || guests_register(v_claims.cafe_id, v_claims.attendee_ids, v_claims.mailboxes, p_hold_ttl, p_delegation_id, p_by);
  end loop;
  perform mailboxes_forget(v_mailboxes);
  if v_made_ids <> '{}' then
    insert into typed_name (registration_id, name, organisation)
    select r.id, i.name, i.organisation
    from unnest(p_cafe_ids, p_attendee_ids, p_names, p_organisations) as i (cafe_id, attendee_id, name, organisation)
    join registration r on r.id = guest_registration_id(i.attendee_id, i.cafe_id)
    where r.id = any (v_made_ids) and i.name is not null;
    perform pg_notify('outbox', '');
  end if;

  return query
  select
    case
      when s.cafe_id is null or s.state = 'draft' then 'cafe-not-found'
      when r.id = any (v_made_ids) then 'created'
      when r.id is not null then 'existing'
      when s.state <> 'open' or c.ends_at <= seats_now() then 'cafe-not-open'
      else 'cafe-full'
    end,
    array[i.place::integer], array[r.id],
    array[case
      when r.status <> 'waitlisted' then null
      -- Those who joined just now are at the end of the line, with nobody missing in between.
      when r.id = any (v_made_ids) then s.waitlisted - (s.last_waitlist_number - r.waitlist_number)
      else waitlist_position(r.cafe_id, r.waitlist_number)
    end],
    r.status, r.expires_at, r.checked_in_at, r.created_at, c.event_id, c.starts_at, c.ends_at, r.prove_by
  from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  left join cafe_seats s on s.cafe_id = i.cafe_id
  left join cafe c on c.id = i.cafe_id
  left join registration r on r.id = guest_registration_id(i.attendee_id, i.cafe_id)
  order by i.place;
end
$$;

-- Make the guest registrations of the claims on one Café, in their order. What it needs is locked by the caller. Returns their ids.
create function guests_register(
  p_cafe_id uuid, p_attendee_ids uuid[], p_mailboxes text[], p_hold_ttl interval, p_delegation_id uuid, p_by uuid
)
returns uuid[] language plpgsql as $$
declare
  v_seats cafe_seats;
  v_free integer := seats_free(p_cafe_id);
  v_for_guests integer := seats_free_for_guests(p_cafe_id);
  v_ids uuid[];
begin
  select s.* into v_seats from cafe_seats s join cafe c on c.id = s.cafe_id
  where s.cafe_id = p_cafe_id and s.state = 'open' and c.ends_at > seats_now();
  if v_seats.cafe_id is null then
    return '{}';
  end if;
  with fresh as (
    select
      i.attendee_id, i.place,
      row_number() over (partition by i.mailbox order by i.place) + coalesce(h.held, 0) <= mailbox_holds_max() as fits
    from unnest(p_attendee_ids, p_mailboxes) with ordinality as i (attendee_id, mailbox, place)
    left join mailbox_hold h on h.mailbox = i.mailbox
    where guest_registration_id(i.attendee_id, p_cafe_id) is null
  ),
  given as (
    select f.*, f.fits and count(*) filter (where f.fits) over (order by f.place) <= v_for_guests as held from fresh f
  ),
  decided as (
    -- A seat that is free when somebody's turn comes is kept from them: they may prove their address.
    select g.*, not g.held and v_free > count(*) filter (where g.held) over (order by g.place) as kept from given g
  ),
  made as (
    insert into registration (
      cafe_id, attendee_id, status, guest, expires_at, waitlist_number, prove_by, cause, changed_by, delegation_id, created_at
    )
    select
      p_cafe_id, d.attendee_id, case when d.held then 'held' else 'waitlisted' end::registration_status, true,
      case when d.held then seats_now() + p_hold_ttl end,
      case when not d.held then v_seats.last_waitlist_number + row_number() over (partition by d.held order by d.place) end,
      case when d.kept then seats_now() + interval '10 minutes' end,
      'guest', p_by, p_delegation_id, seats_now()
    from decided d where d.held or d.kept or v_seats.waitlist_open
    order by d.place
    returning id
  )
  select array_agg(m.id) into v_ids from made m;
  return coalesce(v_ids, '{}');
end
$$;

drop function seats_prove(uuid);

-- Confirm these guest registrations of a person who proved their address or says yes to them. One that is held is confirmed where the
-- person is free at that time, else offered beside what they have, until the same time. One that waits is confirmed where a seat is
-- free and they are; else it keeps its place, as one of their own. Where they have one of their own in the Café, the guest one ends.
-- What is over by this clock stays over. `p_by_claim`: they were proved by their own mails or claim tokens, which may show what became of
-- them. Returns every registration that changed.
create function seats_prove(p_attendee_id uuid, p_registration_ids uuid[], p_by_claim boolean)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  v_guest_ids uuid[] := array(
    select r.id from registration r
    where r.id = any (p_registration_ids) and r.attendee_id = p_attendee_id and r.guest and r.status in ('held', 'waitlisted')
  );
  v_locked_cafe_ids uuid[];
  v_guest registration;
  v_changed_ids uuid[] := '{}';
begin
  if v_guest_ids = '{}' then
    return;
  end if;
  v_locked_cafe_ids := seats_lock_around(v_guest_ids, '{}');
  for v_guest in select r.* from registration r where r.id = any (v_guest_ids) and guest_registration_is_open(r) order by r.id loop
    perform guest_registration_prove(v_guest);
    v_changed_ids := v_changed_ids || v_guest.id;
  end loop;
  if v_changed_ids <> '{}' then
    v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
    update guest_outcome o set proved = true, status = r.status, until = seats_now() + interval '1 hour'
    from registration r where p_by_claim and r.id = any (v_guest_ids) and o.registration_id = r.id;
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$$;

-- Make one guest registration its person's own, as seats_prove says. What it touches is locked by the caller.
create function guest_registration_prove(p_guest registration) returns void language plpgsql as $$
declare
  -- People of a group that asked for `all` are given seats together.
  v_whole boolean := exists (select from delegation d where d.id = (p_guest).delegation_id and d.mode = 'all');
  v_has_seat boolean := (p_guest).status = 'held' or (not v_whole and seats_free((p_guest).cafe_id) > 0);
  v_takes_minutes boolean;
begin
  if exists (
    select from registration own
    where own.attendee_id = (p_guest).attendee_id and own.cafe_id = (p_guest).cafe_id
      and own.status in ('held', 'offered', 'confirmed', 'waitlisted') and not own.guest
  ) then
    perform seats_leave(array[(p_guest).id], 'cancelled', 'proof', null);
    return;
  end if;
  v_takes_minutes := v_has_seat and take_minutes(array[(p_guest).cafe_id], array[(p_guest).attendee_id]) <> '{}';
  update registration r set
    status = case when v_takes_minutes then 'confirmed' when r.status = 'held' then 'offered' else r.status end::registration_status,
    expires_at = case when not v_takes_minutes then r.expires_at end,
    overlapping = r.status = 'held' and not v_takes_minutes,
    guest = false, prove_by = null, cause = 'proof', changed_by = null
  where r.id = (p_guest).id;
end
$$;

drop function seats_claim_together(uuid, uuid[], delegation_mode, uuid);

-- The most guest registrations of one event that one delegate may have open at a time.
create function delegate_guests_max() returns integer language sql immutable as $$ select 20 $$;

-- How many more guest registrations a delegate may make in the event of a Café. Nobody else makes any in their name until the
-- transaction ends.
create function delegate_guests_left(p_cafe_id uuid, p_delegate_id uuid) returns integer language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('delegate ' || p_delegate_id::text, 0));
  return greatest(0, delegate_guests_max() - (
    select count(*)::integer
    from delegation d
    join cafe c on c.id = d.cafe_id and c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id)
    join registration r on r.delegation_id = d.id and r.guest and r.status in ('held', 'waitlisted')
    where d.attendee_id = p_delegate_id
  ));
end
$$;

-- The registration that a person has in a Café by their own choice (or a delegate's, once their address is proved).
create function own_registration_id(p_attendee_id uuid, p_cafe_id uuid) returns uuid language sql stable as $$
  select r.id from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
$$;

-- Whether a person gave back, declined or swapped away a seat or place that this delegate took for them in the event of a Café.
create function delegate_is_refused(p_cafe_id uuid, p_delegate_id uuid, p_attendee_id uuid) returns boolean language sql stable as $$
  select p_attendee_id <> p_delegate_id and exists (
    select from registration r
    join delegation d on d.id = r.delegation_id and d.attendee_id = p_delegate_id
    join cafe c on c.id = r.cafe_id and c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id)
    where r.attendee_id = p_attendee_id and r.status in ('cancelled', 'expired') and r.cause in ('attendee', 'declined', 'swap')
  )
$$;

-- Seats for the people of one person's delegation. `each`: what is possible, the rest in line. `all`: all of them, or all of
-- them in line, or nothing. People who are in the Café already stay as they are. Those whose address is not proved, or who gave back what
-- this delegate took for them in the event (`unproved` below), get guest registrations, after the others; a delegate has a limited number of these (`too-many-unproved`).
-- Returns a row a person, in no order: what became of them.
create function seats_claim_together(
  p_cafe_id uuid, p_attendee_ids uuid[], p_mode delegation_mode, p_delegate_id uuid, p_hold_ttl interval,
  p_names text[] default null, p_organisations text[] default null
)
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  v_unproved_ids uuid[] := array(
    select a.id from unnest(p_attendee_ids) with ordinality as i (id, place) join attendee a on a.id = i.id
    where a.email_proved_at is null or delegate_is_refused(p_cafe_id, p_delegate_id, a.id) order by i.place
  );
  v_guests_left integer := case when v_unproved_ids <> '{}' then delegate_guests_left(p_cafe_id, p_delegate_id) end;
  v_delegation_id uuid := uuidv7();
  v_fresh_ids uuid[];         -- those who are not in the Café yet
  v_fresh_guest_ids uuid[];   -- of these, those who get guest registrations
  v_refused_ids uuid[] := '{}';
  v_seats cafe_seats;
  v_takes boolean;
begin
  select s.* into v_seats from cafe_seats s where s.cafe_id = p_cafe_id for update;
  v_takes := v_seats.state = 'open' and exists (select from cafe c where c.id = p_cafe_id and c.ends_at > seats_now());
  if v_seats.pooled then
    perform room_slots_lock(array[p_cafe_id]);
  end if;
  select
    coalesce(array_agg(i.id order by i.place), '{}'),
    coalesce(array_agg(i.id order by i.place) filter (where i.id = any (v_unproved_ids)), '{}')
  into v_fresh_ids, v_fresh_guest_ids
  from unnest(p_attendee_ids) with ordinality as i (id, place)
  where own_registration_id(i.id, p_cafe_id) is null
    and (i.id <> all (v_unproved_ids) or guest_registration_id(i.id, p_cafe_id) is null);

  if v_takes then
    v_refused_ids := v_fresh_guest_ids[v_guests_left + 1:];
  end if;
  if v_takes and p_mode = 'all' then
    return query select r.* from delegation_refusals(p_cafe_id, v_fresh_ids, v_fresh_guest_ids, v_refused_ids) r;
    if found then
      return;
    end if;
  end if;

  if v_fresh_ids <> '{}' and v_seats.cafe_id is not null then
    insert into delegation (id, cafe_id, attendee_id, mode) values (v_delegation_id, p_cafe_id, p_delegate_id, p_mode);
  end if;
  if v_takes and p_mode = 'all' and not delegation_fits(p_cafe_id, v_fresh_ids, v_fresh_guest_ids) then
    insert into registration (cafe_id, attendee_id, status, guest, waitlist_number, cause, changed_by, delegation_id, created_at)
    select
      p_cafe_id, f.id, 'waitlisted', f.id = any (v_fresh_guest_ids), v_seats.last_waitlist_number + f.place,
      case when f.id = any (v_fresh_guest_ids) then 'guest' else 'delegation' end::seat_cause, p_delegate_id, v_delegation_id, seats_now()
    from unnest(v_fresh_ids) with ordinality as f (id, place) order by f.place;
    perform pg_notify('outbox', '');
  end if;
  -- Those put in line just now are there already.
  return query
  select d.attendee_id, case when d.attendee_id = any (v_fresh_ids) and d.outcome = 'existing' then 'created' else d.outcome end, d.registration_id
  from delegation_decided(p_cafe_id, p_attendee_ids, v_unproved_ids, v_refused_ids, v_delegation_id, p_delegate_id, p_hold_ttl) d;
  -- One of them took a seat elsewhere meanwhile: not all, so none.
  if v_takes and p_mode = 'all' and exists (
    select from unnest(v_fresh_ids) as f (id) where not exists (
      select from registration r where r.delegation_id = v_delegation_id and r.attendee_id = f.id
    )
  ) then
    raise exception 'the plan of one of them changed' using errcode = 'serialization_failure';
  end if;
  insert into typed_name (registration_id, name, organisation)
  select r.id, i.name, i.organisation
  from unnest(p_attendee_ids, p_names, p_organisations) as i (attendee_id, name, organisation)
  join registration r on r.delegation_id = v_delegation_id and r.attendee_id = i.attendee_id
  where i.attendee_id <> p_delegate_id and i.name is not null;
  delete from delegation d
  where d.id = v_delegation_id and not exists (select from registration r where r.delegation_id = v_delegation_id);
end
$$;

-- Whether there are seats now for all the new people of a delegation, also for those who get guest registrations.
create function delegation_fits(p_cafe_id uuid, p_fresh_ids uuid[], p_fresh_guest_ids uuid[]) returns boolean language plpgsql as $$
declare
  v_mailboxes text[] := array(select mailbox_of(a.email) from attendee a where a.id = any (p_fresh_guest_ids));
  v_fits boolean := cardinality(p_fresh_ids) <= seats_free(p_cafe_id);
begin
  if v_fits and v_mailboxes <> '{}' then
    v_fits := cardinality(v_mailboxes) <= seats_free_for_guests(p_cafe_id) and mailboxes_fit(v_mailboxes, '{}');
    perform mailboxes_forget(v_mailboxes);
  end if;
  return v_fits;
end
$$;

-- Why a delegation that asked for `all` gets nothing: a row for each of its new people. No row where it gets seats or places in line.
create function delegation_refusals(p_cafe_id uuid, p_fresh_ids uuid[], p_fresh_guest_ids uuid[], p_too_many_ids uuid[])
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  v_clashing_ids uuid[] := array(
    select f.id from unnest(p_fresh_ids) as f (id) join cafe c on c.id = p_cafe_id
    where f.id <> all (p_fresh_guest_ids) and exists (select from seats_in_the_way(f.id, c.starts_at, c.ends_at))
  );
begin
  if p_too_many_ids <> '{}' or v_clashing_ids <> '{}' then
    return query
    select f.id, case
        when f.id = any (p_too_many_ids) then 'too-many-unproved' when f.id = any (v_clashing_ids) then 'schedule-clash' else 'not-all'
      end, null::uuid
    from unnest(p_fresh_ids) as f (id);
  elsif not (select s.waitlist_open from cafe_seats s where s.cafe_id = p_cafe_id)
    and not delegation_fits(p_cafe_id, p_fresh_ids, p_fresh_guest_ids) then
    return query select f.id, 'cafe-full', null::uuid from unnest(p_fresh_ids) as f (id);
  end if;
end
$$;

-- Claim for each of a delegation's people, but those refused already; a row a person, with what they have now.
create function delegation_decided(
  p_cafe_id uuid, p_attendee_ids uuid[], p_unproved_ids uuid[], p_refused_ids uuid[], p_delegation_id uuid, p_delegate_id uuid,
  p_hold_ttl interval
)
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  v_proved_ids uuid[] := array(select i.id from unnest(p_attendee_ids) with ordinality as i (id, place) where i.id <> all (p_unproved_ids) order by i.place);
  v_own_ids uuid[] := array(select i.id from unnest(p_unproved_ids) as i (id) where own_registration_id(i.id, p_cafe_id) is not null);
  v_guest_ids uuid[] := array(
    select i.id from unnest(p_unproved_ids) with ordinality as i (id, place) where i.id <> all (v_own_ids || p_refused_ids) order by i.place
  );
begin
  if v_proved_ids <> '{}' then
    return query
    select v_proved_ids[a.place], c.outcome, a.registration_id
    from seats_claim(array_fill(p_cafe_id, array[cardinality(v_proved_ids)]), v_proved_ids, p_delegation_id, p_delegate_id) c
    cross join lateral unnest(c.places, c.registration_ids) as a (place, registration_id);
  end if;
  if v_guest_ids <> '{}' then
    return query
    select v_guest_ids[c.places[1]], c.outcome, c.registration_ids[1]
    from seats_claim_guests(
      array_fill(p_cafe_id, array[cardinality(v_guest_ids)]), v_guest_ids, p_hold_ttl, p_delegation_id, p_delegate_id
    ) c;
  end if;
  return query select o.id, 'existing', own_registration_id(o.id, p_cafe_id) from unnest(v_own_ids) as o (id);
  return query select t.id, 'too-many-unproved', null::uuid from unnest(p_refused_ids) as t (id);
end
$$;

-- End registrations and give their minutes back; no line moves. What they touch is locked by the caller.
-- Returns those that ended, or null.
create or replace function seats_leave(ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid)
returns uuid[] language plpgsql as $$
declare
  changed_ids uuid[];
  freed_cafe_ids uuid[];
  freed_attendee_ids uuid[];
begin
  with ended as (
    update registration r set
      status = ended_as, expires_at = null, checked_in_at = null, overlapping = false, prove_by = null,
      cause = case when ended_cause = 'attendee' and r.status = 'offered' then 'declined' else ended_cause end, changed_by = ended_by
    where r.id = any (ended_ids)
      and case
        when ended_as = 'expired' and r.status = 'waitlisted'
          then r.prove_by <= seats_now() or (select c.ends_at from cafe c where c.id = r.cafe_id) <= seats_now()
        when ended_as = 'expired' then r.status in ('held', 'offered') and r.expires_at <= seats_now()
        -- Accepted meanwhile: it is no offer any more, and a seat is not given back by a no to an offer.
        when ended_cause = 'declined' then r.status = 'offered'
        else r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      end
    returning r.id, r.cafe_id, r.attendee_id, old.status <> 'waitlisted' and not old.overlapping and not old.guest as had_minutes
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

-- What has run out by this database's clock, the longest overdue first: holds and offers, the time to prove an address for a free
-- seat, and the waiting for a Café that is over.
create or replace function seats_due(due_max integer) returns setof uuid language sql stable as $$
  select due.id from (
    (select r.id from registration r where r.expires_at <= seats_now() order by r.expires_at limit due_max)
    union all
    (select r.id from registration r where r.prove_by <= seats_now() order by r.prove_by limit due_max)
    union all
    (
      select r.id from cafe_seats s join cafe c on c.id = s.cafe_id join registration r on r.cafe_id = s.cafe_id
      where s.waitlisted > 0 and c.ends_at <= seats_now() and r.status = 'waitlisted'
      limit due_max
    )
  ) due limit due_max
$$;

-- The seats of a person in the way of a Café, where a delegate took all of them and the person never did anything about them; else null.
create function delegated_seats_in_the_way(p_attendee_id uuid, p_cafe_id uuid) returns uuid[] language sql stable as $$
  select case when bool_and(
    o.status = 'confirmed' and o.checked_in_at is null and d.id is not null and d.attendee_id is distinct from p_attendee_id
    and not exists (select from seat_ledger_of(o.id) l where l.cause in ('proof', 'acceptance', 'swap'))
  ) then array_agg(o.id order by o.id) end
  from cafe c cross join lateral seats_in_the_way(p_attendee_id, c.starts_at, c.ends_at) o
  left join delegation d on d.id = o.delegation_id
  where c.id = p_cafe_id
$$;

drop function seats_swap(uuid, uuid, uuid);

-- Take a seat in another Café and give these back, or change nothing. A guest registration of the person there ends. Returns the outcome, the new registration, and every
-- registration changed.
create function seats_swap(p_left_ids uuid[], taken_cafe_id uuid, swapping_attendee_id uuid)
returns table (outcome text, registration_id uuid, registration_ids uuid[]) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  v_left record;
  there registration;
  target record;
  v_guest_id uuid := guest_registration_id(swapping_attendee_id, taken_cafe_id);
begin
  locked_cafe_ids := seats_lock_around(p_left_ids || array_remove(array[v_guest_id], null), array[taken_cafe_id]);
  if v_guest_id is distinct from guest_registration_id(swapping_attendee_id, taken_cafe_id) then
    raise exception 'the guest registration changed' using errcode = 'serialization_failure';
  end if;
  select
    bool_and(r.attendee_id is not distinct from swapping_attendee_id) as theirs, bool_or(r.cafe_id = taken_cafe_id) as same,
    bool_or(r.status <> 'confirmed' or r.checked_in_at is not null) as over
  into v_left from unnest(p_left_ids) as l (id) left join registration r on r.id = l.id;
  select s.state, c.ends_at into target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = taken_cafe_id;
  select * into there from registration r
  where r.attendee_id = swapping_attendee_id and r.cafe_id = taken_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  outcome := case
    when v_left.theirs is not true then 'registration-not-found'
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when v_left.same then 'same-cafe'
    when v_left.over then 'registration-over'
    when target.state <> 'open' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.status <> 'waitlisted' then 'already-registered'
    else 'swapped'
  end;
  if outcome <> 'swapped' then
    return next;
    return;
  end if;

  begin
    registration_ids := seats_leave(p_left_ids, 'cancelled', 'swap', null)
      || coalesce(seats_leave(array[v_guest_id], 'cancelled', 'proof', null), '{}');
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

-- Seat a person who stands at the door, and check them in; a guest registration of theirs becomes their own. Returns the outcome and the registration.
create or replace function seats_walk_in(door_cafe_id uuid, walking_attendee_id uuid, checking_attendee_id uuid)
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
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  if there.id is null then
    select * into there from registration r where r.id = guest_registration_id(walking_attendee_id, door_cafe_id);
  end if;
  outcome := case
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when target.state = 'cancelled' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.checked_in_at is not null then 'already-checked-in'
    -- A seat of theirs is kept already; else there must be a free one.
    when coalesce(there.status, 'waitlisted') = 'waitlisted' and seats_free(door_cafe_id) <= 0 then 'cafe-full'
    when there.overlapping and there.status = 'offered' then 'schedule-clash'
    when coalesce(there.status, 'waitlisted') in ('waitlisted', 'held')
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
      update registration r set
        status = 'confirmed', expires_at = null, guest = false, prove_by = null, cause = 'walk-in', changed_by = checking_attendee_id
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

-- Whose seats would clash if this Café were at another time: the seat here, and the one in the way.
create or replace function seats_clashing(moved_cafe_id uuid, new_starts_at timestamptz, new_ends_at timestamptz)
returns table (registration_id uuid, attendee_id uuid, other_registration_id uuid, other_cafe_id uuid) language sql stable as $$
  select r.id, r.attendee_id, o.id, o.cafe_id
  from registration r cross join lateral seats_in_the_way(r.attendee_id, new_starts_at, new_ends_at) o
  where r.cafe_id = moved_cafe_id and r.status in ('offered', 'confirmed') and o.id <> r.id
$$;

-- Move a Café to another time, room or capacity, with a decision for those who would have two seats at once (`swap`: the seat
-- becomes an offer to swap; `keep`: both seats stand; `cancel`) and one for the seats that are too many there (the last
-- given are cancelled, or the move is refused). Everybody with a seat or in line is told where the place or the time is another:
-- a seat that ends because of a clash is ended by the organiser, only one that is too many by the move.
-- Returns the outcome and every registration changed.
create or replace function seats_move_cafe(
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
    -- The seats of a Café that does not stay where it is leave their old minutes, and take the new ones where their people are free. An offer to swap and a guest registration take none.
    select array_agg(r.id order by r.id), array_agg(r.attendee_id order by r.id) into tried_ids, tried_attendee_ids
    from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('offered', 'confirmed')
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
      status = case when r.id = any (clashing_ids) and clash_decision = 'swap' then 'offered' else r.status end,
      expires_at = case
        when r.id = any (clashing_ids) and clash_decision = 'swap' then offer_expires_at(new_starts_at, new_ends_at)
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
-- Cafés' seats, each Café's minutes beside those of its times, each person's beside those of their seats, and the seats held for each
-- mailbox, where they differ. No row is
-- the right answer.
create or replace function seats_recount()
returns table (what text, id uuid, counted text, recounted text) language sql stable as $$
  select 'cafe', s.cafe_id, format('taken %s waitlisted %s present %s unproved %s and %s', s.taken, s.waitlisted, s.present, s.unproved, s.unproved_waiting),
    format('taken %s waitlisted %s present %s unproved %s and %s', n.taken, n.waitlisted, n.present, n.unproved, n.unproved_waiting)
  from cafe_seats s
  cross join lateral (
    select
      count(*) filter (where r.status in ('held', 'offered', 'confirmed')) as taken,
      count(*) filter (where r.status = 'waitlisted') as waitlisted,
      count(*) filter (where r.checked_in_at is not null) as present,
      count(*) filter (where r.status = 'held' and r.guest) as unproved,
      count(*) filter (where r.status = 'waitlisted' and r.guest) as unproved_waiting
    from registration r where r.cafe_id = s.cafe_id
  ) n
  where (s.taken, s.waitlisted, s.present, s.unproved, s.unproved_waiting)
    <> (n.taken, n.waitlisted, n.present, n.unproved, n.unproved_waiting)
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
    where r.status in ('offered', 'confirmed') and not r.overlapping
    group by r.attendee_id, m.day
  ) n using (attendee_id, day)
  where (mine.busy, mine.busy_minutes) is distinct from (n.busy, n.busy_minutes)
  union all
  select 'mailbox', null::uuid, h.held::text, n.held::text
  from mailbox_hold h
  full join (
    select mailbox_of(a.email) as mailbox, count(*)::integer as held
    from registration r join attendee a on a.id = r.attendee_id where r.status = 'held' group by 1
  ) n using (mailbox)
  where h.held is distinct from n.held
$$;

-- Of seats held before there was a limit, those beyond the third of a mailbox end; then the limit is a constraint.
do $$
declare
  v_too_many_ids uuid[] := array(
    select h.id from (
      select r.id, row_number() over (partition by mailbox_of(a.email) order by r.id) as number
      from registration r join attendee a on a.id = r.attendee_id where r.status = 'held'
    ) h where h.number > mailbox_holds_max()
  );
begin
  if v_too_many_ids <> '{}' then
    alter table registration disable trigger registration_changed;
    update registration r set expires_at = seats_now() where r.id = any (v_too_many_ids);
    alter table registration enable trigger registration_changed;
    perform seats_end(v_too_many_ids, 'expired', 'expiry', null);
  end if;
end
$$;
alter table mailbox_hold add constraint mailbox_hold_within_limit check (held between 0 and 3);
