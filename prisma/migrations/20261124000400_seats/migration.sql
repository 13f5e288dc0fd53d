-- Who has a seat, who waits, and how many are left. Owner: libs/seats. Its functions stand in the migration after this one.

create type cafe_state as enum ('draft', 'open', 'closed', 'cancelled');
create type registration_status as enum ('held', 'offered', 'confirmed', 'waitlisted', 'cancelled', 'expired');
-- What a change of a seat comes from. `guest` is a claim by somebody whose address is not proved yet.
create type seat_cause as enum (
  'claim', 'guest', 'delegation', 'proof', 'line', 'acceptance', 'swap', 'declined', 'expiry', 'attendee', 'check-in', 'walk-in',
  'no-show', 'line-closed', 'cafe-closed', 'cafe-cancelled', 'move', 'organiser'
);
create type delegation_mode as enum ('all', 'each');

-- The clock of the engine: the database's, and no other.
create function seats_now() returns timestamptz language sql stable as $$ select now() $$;

-- One row a Café: the row that every change of its seats locks, and the only place where they are counted.
create table cafe_seats (
  cafe_id uuid primary key references cafe on delete cascade,
  capacity integer not null,
  -- A smaller capacity that the organiser wants: a seat that becomes free is not given again until it is reached.
  target_capacity integer,
  state cafe_state not null,
  waitlist_open boolean not null,
  -- Whether it shares a room that is too small for all its Cafés at that time (room_slot).
  pooled boolean not null default false,
  -- Grows by one with every change of anything here; each has its rows in the ledger.
  version bigint not null default 0,
  -- Registrations that are held, offered or confirmed.
  taken integer not null default 0,
  waitlisted integer not null default 0,
  -- Confirmed registrations that are checked in.
  present integer not null default 0,
  last_waitlist_number integer not null default 0,
  constraint cafe_seats_capacity_in_bounds check (capacity between 0 and 100000),
  constraint cafe_seats_target_below_capacity check (target_capacity between 0 and capacity - 1),
  constraint cafe_seats_never_oversold check (taken between 0 and capacity),
  constraint cafe_seats_counts_in_bounds check (waitlisted >= 0 and present between 0 and taken)
) with (fillfactor = 50); -- half a page free, so that the hot row is updated in place, without touching its index

-- A time at which several Cafés run in one room and have more seats together than the room: they share the room's. There
-- is a row for each stretch of time in which the same Cafés run, and none where the room is large enough for all of them.
create table room_slot (
  room_id uuid not null references room on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null,
  taken integer not null,
  primary key (room_id, starts_at),
  constraint room_slot_never_oversold check (taken between 0 and capacity)
) with (fillfactor = 50);

-- Seats that one person took for others in one call. `all`: all of them or none.
create table delegation (
  id uuid primary key default uuidv7(),
  cafe_id uuid not null references cafe on delete cascade,
  -- Who took them; nobody any more where they asked to be forgotten: their group stays one.
  attendee_id uuid references attendee on delete set null,
  mode delegation_mode not null,
  created_at timestamptz not null default now()
);

create table registration (
  id uuid primary key default uuidv7(),
  -- Both are references, which registration_made watches a statement at a time.
  cafe_id uuid not null,
  attendee_id uuid not null,
  status registration_status not null,
  -- The place in line: given once, in the order of commits, and never changed.
  waitlist_number integer,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  checked_in_at timestamptz,
  -- A seat that stands beside another one of the same person at that time, and takes none of their minutes: an offer to
  -- swap, or a seat that the organiser let them keep when a Café was moved.
  overlapping boolean not null default false,
  -- What the last change came from, and who made it where it was not the person.
  cause seat_cause not null,
  changed_by uuid,
  -- Of a guest: the challenge that their mail carries. While it is there, nobody has shown that they stand for it.
  challenge_id uuid,
  delegation_id uuid,
  constraint registration_waits_with_a_number check (status <> 'waitlisted' or waitlist_number is not null),
  constraint registration_expires_when_kept check ((status in ('held', 'offered')) = (expires_at is not null)),
  constraint registration_present_is_confirmed check (checked_in_at is null or status = 'confirmed'),
  constraint registration_overlaps_when_kept check (not overlapping or status in ('offered', 'confirmed'))
) with (fillfactor = 90);

-- A person is at most once in a Café, seated or in line; also how a person's active registrations are listed.
create unique index registration_once on registration (attendee_id, cafe_id)
  where status in ('held', 'offered', 'confirmed', 'waitlisted');
-- The line of a Café in its order.
create unique index registration_line on registration (cafe_id, waitlist_number) where status = 'waitlisted';
-- The people of a Café, for its host.
create index registration_seated on registration (cafe_id) where status in ('held', 'offered', 'confirmed');
-- The seats that a person had.
create index registration_ended on registration (attendee_id, cafe_id, id) where status in ('cancelled', 'expired');
-- What runs out next.
create index registration_expiry on registration (expires_at) where expires_at is not null;
-- The people of a delegation.
create index registration_delegation on registration (delegation_id) where delegation_id is not null;

-- The minutes of one UTC day (days since 1970-01-01) that a person's active seats take: one bit a minute, and their
-- sum. A seat adds its minutes to both. Two seats at the same time would be one bit but two minutes, so the check
-- makes an overlap impossible to commit. Three times as cheap as an exclusion constraint (docs/adr/0003).
create table attendee_day (
  -- Of a registration's attendee, and gone with them.
  attendee_id uuid not null,
  day integer not null,
  busy bit(1440) not null,
  busy_minutes integer not null,
  primary key (attendee_id, day),
  constraint attendee_day_no_overlap check (bit_count(busy) = busy_minutes)
);

-- The minutes that a Café takes of each UTC day that it touches, put together once: a claim adds them as they are.
create table cafe_minutes (
  cafe_id uuid not null references cafe on delete cascade,
  day integer not null,
  minutes bit(1440) not null,
  -- How many of them there are.
  count integer not null,
  -- How many days it touches: two, over midnight.
  days integer not null,
  primary key (cafe_id, day)
);

-- Put together from its times, which are in whole minutes.
create function minutes_of(starts_at timestamptz, ends_at timestamptz)
returns table (day integer, minutes bit(1440)) language sql immutable as $$
  select d.day, (repeat('1', 1440)::bit(1440) << (1440 - (m.next - m.first))) >> m.first
  from (select (extract(epoch from starts_at) / 60)::bigint, (extract(epoch from ends_at) / 60)::bigint) as span (first, next)
  cross join lateral generate_series((span.first / 1440)::integer, ((span.next - 1) / 1440)::integer) as d (day)
  cross join lateral (
    select greatest(span.first - d.day * 1440::bigint, 0)::integer, least(span.next - d.day * 1440::bigint, 1440)::integer
  ) as m (first, next)
$$;

create function cafe_minutes_follow() returns trigger language plpgsql as $$
begin
  delete from cafe_minutes m where m.cafe_id = new.id;
  insert into cafe_minutes (cafe_id, day, minutes, count, days)
  select new.id, m.day, m.minutes, bit_count(m.minutes), count(*) over () from minutes_of(new.starts_at, new.ends_at) m;
  return null;
end
$$;

create trigger cafe_minutes_follow after insert or update of starts_at, ends_at on cafe
for each row execute function cafe_minutes_follow();

-- The ledger: all that happened to Cafés and their seats, only ever added to. Replayed from its beginning, it gives every registration
-- and counter (docs/adr/0007). It has two halves.
--
-- The first: registrations as they were made. A row tells of all of one statement that were made alike, in whatever Cafés, so that claims
-- on a hundred Cafés add what claims on one do.
create table seat_event_made (
  -- The `created_at` of its registrations, by which they are found here.
  at timestamptz not null,
  -- That of its first registration.
  id uuid not null,
  status registration_status not null,
  cause seat_cause not null,
  -- Who, where it was not the person.
  changed_by uuid,
  -- Of each registration, in one order: its Café, the Café's version from then on, its id, its attendee and, where they wait, their number.
  cafe_ids uuid[] not null,
  versions bigint[] not null,
  registration_ids uuid[] not null,
  attendee_ids uuid[] not null,
  waitlist_numbers integer[] not null,
  expires_at timestamptz,
  overlapping boolean not null,
  primary key (at, id)
) with (toast_tuple_target = 8160); -- up to about 140 claims stay in their page: storing them elsewhere, or trying to compress ids, costs more than it saves
alter table seat_event_made alter column cafe_ids set storage external;
alter table seat_event_made alter column versions set storage external;
alter table seat_event_made alter column registration_ids set storage external;
alter table seat_event_made alter column attendee_ids set storage external;
alter table seat_event_made alter column waitlist_numbers set storage external;

-- The second: what became of them, and of the Cafés, in the order of each Café's versions. A version has a row for each kind of change in it.
create table seat_event (
  id bigint generated always as identity,
  cafe_id uuid not null,
  version bigint not null,
  at timestamptz not null default now(),
  -- The registrations' new status; or `checked-in`, `check-in-undone`, `told` (nothing but the cause changed), `cafe`.
  what text not null,
  cause seat_cause not null,
  -- Who, where it was not the person.
  changed_by uuid,
  registration_ids uuid[] not null,
  attendee_ids uuid[] not null,
  expires_at timestamptz,
  overlapping boolean,
  -- For `cafe`: {capacity, target, state, waitlistOpen, roomId, startsAt, endsAt} from now on.
  cafe jsonb,
  primary key (cafe_id, version, id)
);
alter table seat_event alter column registration_ids set storage external;
alter table seat_event alter column attendee_ids set storage external;

-- Both halves, a row a registration (or Café): in the order of `version` and then `id`, what happened to a Café.
create view seat_ledger as
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

-- What the ledger tells of one registration.
create function seat_ledger_of(told_registration_id uuid)
returns table (version bigint, id bigint, at timestamptz, what text, cause seat_cause, waitlist_number integer)
language sql stable as $$
  select e.versions[p.place], null::bigint, e.at, e.status::text, e.cause, e.waitlist_numbers[p.place]
  from registration r
  join seat_event_made e on e.at = r.created_at
  cross join lateral (select array_position(e.registration_ids, r.id) as place) p
  where r.id = told_registration_id and p.place is not null
  union all
  select e.version, e.id, e.at, e.what, e.cause, null
  from registration r join seat_event e on e.cafe_id = r.cafe_id and r.id = any (e.registration_ids)
  where r.id = told_registration_id
$$;

-- The message that a change owes its person; null where there is nothing to tell. Every branch is of the type itself, so that
-- the function is read into the statement that calls it: called a row at a time it would be the dearest part of it.
create function mail_kind_of(was registration_status, is_now registration_status, cause seat_cause, waited boolean)
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
    when cause not in ('swap', 'declined') then 'cancelled'::mail_kind
  end
$$;

-- The shared times of these Cafés' rooms have so many more seats taken.
create function room_slots_count(counted_cafe_ids uuid[], counted_seats integer[]) returns void language sql
set enable_nestloop = on
as $$
  update room_slot p set taken = p.taken + n.seats
  from (
    select q.room_id, q.starts_at, sum(k.seats)::integer as seats
    from unnest(counted_cafe_ids, counted_seats) as k (cafe_id, seats)
    join cafe c on c.id = k.cafe_id
    join room_slot q on q.room_id = c.room_id and q.starts_at >= c.starts_at and q.ends_at <= c.ends_at
    group by q.room_id, q.starts_at
  ) n
  where p.room_id = n.room_id and p.starts_at = n.starts_at
$$;

-- Whatever happens to registrations, this follows in the same statement: the Cafés' counters and versions, the rooms' slots,
-- the message to each person, the ledger. registration_made does it for new ones, registration_changed for others, so that no
-- function that gives or frees a seat can forget any of it.
--
-- A plan that was made for one row is kept for five hundred. So here, and where else many are put beside many (take_minutes,
-- seats_claim), tables are read by `= any`, and what was read is joined by hash: never each row held against each.
create function registration_made() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  made_rows bigint;
  counted_rows bigint;    -- those of them whose Café there is
  known_attendees bigint;
  sharing boolean;
begin
  with by_cafe as (
    select
      m.cafe_id, count(*) filter (where m.status <> 'waitlisted')::integer as seats,
      count(*) filter (where m.status = 'waitlisted')::integer as waiting, max(m.waitlist_number) as last_number
    from made m group by m.cafe_id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting,
      last_waitlist_number = greatest(s.last_waitlist_number, n.last_number), version = s.version + 1
    from by_cafe n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select b.cafe_id from by_cafe b))
    returning s.cafe_id, s.version, n.seats + n.waiting as made_rows, s.pooled and n.seats > 0 as sharing
  ),
  -- What was made alike is told alike.
  alike as (
    select
      m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping, mail_kind_of(null, m.status, m.cause, false) as kind,
      array_agg(k.cafe_id) as cafe_ids, array_agg(k.version) as versions, array_agg(m.id) as ids, array_agg(m.attendee_id) as attendee_ids,
      case when m.status = 'waitlisted' then array_agg(m.waitlist_number) else '{}' end as waitlist_numbers,
      case when bool_or(m.challenge_id is not null) then array_agg(m.challenge_id) else '{}' end as challenge_ids
    from made m join counted k on k.cafe_id = m.cafe_id
    group by m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping
  ),
  told as (
    insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids)
    select a.ids[1], a.kind, a.ids, a.attendee_ids, a.challenge_ids from alike a where a.kind is not null
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
    (select count(*) from attendee a where a.id = any (array(select m.attendee_id from made m))), bool_or(k.sharing)
  into made_rows, counted_rows, known_attendees, sharing from counted k;
  if counted_rows <> made_rows or known_attendees <> made_rows then
    raise exception 'a registration names an attendee or a Café that does not exist, or an attendee twice'
      using errcode = 'foreign_key_violation';
  end if;
  -- By itself, because most rooms are large enough, and a statement costs for each of its parts.
  if sharing then
    perform room_slots_count(array_agg(n.cafe_id), array_agg(n.seats))
    from (select m.cafe_id, count(*)::integer as seats from made m where m.status <> 'waitlisted' group by m.cafe_id) n;
  end if;
  return null;
end
$$;

create trigger registration_made after insert on registration
referencing new table as made for each statement execute function registration_made();

create function registration_changed() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  sharing_cafe_ids uuid[];
  sharing_seats integer[];
begin
  with changed as (
    select
      n.id, n.cafe_id, n.attendee_id, n.cause, n.changed_by, n.challenge_id, n.expires_at, n.overlapping, o.status as was, n.status,
      n.waitlist_number is not null as waited,
      (n.status in ('held', 'offered', 'confirmed'))::integer - (o.status in ('held', 'offered', 'confirmed'))::integer as seats,
      (n.status = 'waitlisted')::integer - (o.status = 'waitlisted')::integer as waiting,
      (n.checked_in_at is not null)::integer - (o.checked_in_at is not null)::integer as present,
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
      capacity = case when s.target_capacity is null then s.capacity else greatest(s.target_capacity, s.taken + n.seats) end,
      target_capacity = case when s.target_capacity < s.taken + n.seats then s.target_capacity end,
      version = s.version + 1
    from (
      select
        c.cafe_id, sum(c.seats)::integer as seats, sum(c.waiting)::integer as waiting, sum(c.present)::integer as present
      from changed c group by c.cafe_id
    ) n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select c.cafe_id from changed c))
    returning s.cafe_id, s.version, s.pooled, n.seats
  ),
  told as (
    insert into outbox (kind, attendee_id, registration_id, challenge_id)
    select t.kind, t.attendee_id, t.id, t.challenge_id
    from (select mail_kind_of(c.was, c.status, c.cause, c.waited) as kind, c.* from changed c) t
    where t.kind is not null
    order by t.id
  ),
  recorded as (
    insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, expires_at, overlapping)
    select
      k.cafe_id, k.version, seats_now(), c.what, c.cause, c.changed_by, array_agg(c.id order by c.id),
      array_agg(c.attendee_id order by c.id), c.expires_at, c.overlapping
    from changed c join counted k on k.cafe_id = c.cafe_id
    group by k.cafe_id, k.version, c.what, c.cause, c.changed_by, c.expires_at, c.overlapping
  )
  select array_agg(k.cafe_id), array_agg(k.seats) into sharing_cafe_ids, sharing_seats from counted k where k.pooled and k.seats <> 0;
  if sharing_cafe_ids is not null then
    perform room_slots_count(sharing_cafe_ids, sharing_seats);
  end if;
  return null;
end
$$;

create trigger registration_changed after update on registration
referencing old table as before_change new table as after_change for each statement execute function registration_changed();

-- Whoever took seats for others is told what became of them: at the commit, because a delegation of whom nobody got a seat or a
-- place in line is taken back before.
create function delegation_made() returns trigger language plpgsql as $$
begin
  insert into outbox (kind, attendee_id, delegation_id, cafe_id)
  select 'delegation-summary', d.attendee_id, d.id, d.cafe_id from delegation d where d.id = new.id;
  return null;
end
$$;

create constraint trigger delegation_made after insert on delegation deferrable initially deferred
for each row execute function delegation_made();

-- What came due and is owed: a row a kind and a Café (or event) at a time. Whoever inserts it owes the messages in the same
-- commit, so that they are owed once, however often and by however many workers it is found. Owner: libs/seats.
create table scheduled_mail (
  kind mail_kind not null,
  -- The Café; of thanks, the event.
  subject_id uuid not null,
  about_at timestamptz not null,
  owed_at timestamptz not null default now(),
  primary key (kind, subject_id, about_at)
);

-- Whoever has a seat or waits is not deleted, nor is their Café: the engine ends registrations first, so that the counters
-- stay right and the line moves up. Registrations that have ended go along. The lock waits for claims under way, which may
-- name the row, and lets later ones wait until it is gone.
create function registration_ends_first() returns trigger language plpgsql as $$
begin
  lock table registration in share row exclusive mode;
  if tg_table_name = 'attendee' then
    delete from registration r where r.attendee_id = old.id and r.status in ('cancelled', 'expired');
    delete from attendee_day where attendee_id = old.id and busy_minutes = 0;
    if exists (select from attendee_day d where d.attendee_id = old.id)
      or exists (
        select from registration r
        where r.attendee_id = old.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted')
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

create trigger registration_ends_first before delete on attendee for each row execute function registration_ends_first();
create trigger registration_ends_first before delete on cafe for each row execute function registration_ends_first();

-- Find anew at which times these rooms are too small for their Cafés together. Locks the counters of all their Cafés.
create function room_slots_find(found_room_ids uuid[]) returns void language plpgsql as $$
begin
  perform 1 from cafe_seats s
  where s.cafe_id in (select c.id from cafe c where c.room_id = any (found_room_ids)) order by s.cafe_id for update;
  delete from room_slot p where p.room_id = any (found_room_ids);

  insert into room_slot (room_id, starts_at, ends_at, capacity, taken)
  select r.id, t.starts_at, t.ends_at, r.capacity, sum(s.taken)
  from room r
  cross join lateral (
    select b.at as starts_at, lead(b.at) over (order by b.at) as ends_at
    from (
      select c.starts_at as at from cafe c where c.room_id = r.id
      union select c.ends_at from cafe c where c.room_id = r.id
    ) b
  ) t
  join cafe c on c.room_id = r.id and c.starts_at <= t.starts_at and c.ends_at >= t.ends_at
  join cafe_seats s on s.cafe_id = c.id
  where r.id = any (found_room_ids) and t.ends_at is not null
  group by r.id, t.starts_at, t.ends_at, r.capacity
  having sum(s.capacity) > r.capacity;

  update cafe_seats s set pooled = f.pooled
  from (
    select c.id, exists (
      select from room_slot p where p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
    ) as pooled
    from cafe c where c.room_id = any (found_room_ids)
  ) f
  where s.cafe_id = f.id and s.pooled <> f.pooled;
end
$$;

-- The ledger's row of what a Café is from now on. Its counter row is locked by the caller and has the version already.
create function seat_event_of_cafe(told_cafe_ids uuid[], told_cause seat_cause, told_by uuid) returns void language sql as $$
  insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, cafe)
  select
    s.cafe_id, s.version, seats_now(), 'cafe', told_cause, told_by, '{}', '{}',
    jsonb_build_object(
      'capacity', s.capacity, 'target', s.target_capacity, 'state', s.state, 'waitlistOpen', s.waitlist_open,
      'roomId', c.room_id, 'startsAt', c.starts_at, 'endsAt', c.ends_at
    )
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = any (told_cafe_ids)
$$;

create function cafe_seats_made() returns trigger language plpgsql as $$
begin
  perform room_slots_find((select array_agg(distinct c.room_id) from made m join cafe c on c.id = m.cafe_id));
  perform seat_event_of_cafe((select array_agg(m.cafe_id) from made m), 'organiser', null);
  return null;
end
$$;

create trigger cafe_seats_made after insert on cafe_seats
referencing new table as made for each statement execute function cafe_seats_made();

-- A Café that is moved or deleted, or a room of another size: who shares what is found anew.
create function room_slots_follow() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'room' then
    perform room_slots_find(array[new.id]);
  elsif tg_op = 'DELETE' then
    perform room_slots_find(array[old.room_id]);
  else
    perform room_slots_find(array[old.room_id, new.room_id]);
    update cafe_seats s set version = s.version + 1 where s.cafe_id = new.id;
    perform seat_event_of_cafe(array[new.id], 'move', null);
  end if;
  return null;
end
$$;

create trigger room_slots_follow after delete on cafe for each row execute function room_slots_follow();
create trigger room_slots_follow_move after update of room_id, starts_at, ends_at on cafe for each row
when ((old.room_id, old.starts_at, old.ends_at) is distinct from (new.room_id, new.starts_at, new.ends_at))
execute function room_slots_follow();
create trigger room_slots_follow after update of capacity on room for each row
when (old.capacity <> new.capacity) execute function room_slots_follow();
