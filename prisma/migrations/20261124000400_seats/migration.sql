-- Who has a seat, who waits, and how many are left. Owner: libs/seats. Its functions stand in the migration after this one.

create type cafe_state as enum ('draft', 'open', 'closed', 'cancelled');
create type registration_status as enum ('held', 'offered', 'confirmed', 'waitlisted', 'cancelled', 'expired');

-- One row a Café: the row that every change of its seats locks, and the only place where they are counted.
create table cafe_seats (
  cafe_id uuid primary key references cafe on delete cascade,
  capacity integer not null,
  state cafe_state not null,
  waitlist_open boolean not null,
  -- Grows by one with every commit that changes anything below or a check-in.
  version bigint not null default 0,
  -- Registrations that are held, offered or confirmed.
  taken integer not null default 0,
  waitlisted integer not null default 0,
  -- Confirmed registrations that are checked in.
  present integer not null default 0,
  last_waitlist_number integer not null default 0,
  constraint cafe_seats_capacity_in_bounds check (capacity between 0 and 100000),
  constraint cafe_seats_never_oversold check (taken between 0 and capacity),
  constraint cafe_seats_counts_in_bounds check (waitlisted >= 0 and present between 0 and taken)
) with (fillfactor = 50); -- half a page free, so that the hot row is updated in place, without touching its index

create table registration (
  id uuid primary key default uuidv7(),
  -- Both are references, which registration_refers watches a statement at a time.
  cafe_id uuid not null,
  attendee_id uuid not null,
  status registration_status not null,
  -- The place in line: given once, in the order of commits, and never changed.
  waitlist_number integer,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  checked_in_at timestamptz,
  checked_in_by uuid references attendee on delete set null,
  constraint registration_waits_with_a_number check (status <> 'waitlisted' or waitlist_number is not null),
  constraint registration_expires_when_kept check ((status in ('held', 'offered')) = (expires_at is not null)),
  constraint registration_present_is_confirmed check (checked_in_at is null or status = 'confirmed')
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

-- References of registrations, checked once a batch. A foreign key would look at the attendee and the Café of every row by
-- itself and write a lock into both, the largest cost of a claim (docs/adr/0005).
create function registration_refers() returns trigger language plpgsql as $$
begin
  if exists (
    select from made m
    where (select a.id from attendee a where a.id = m.attendee_id) is null
      or (select s.cafe_id from cafe_seats s where s.cafe_id = m.cafe_id) is null
  ) then
    raise exception 'a registration names an attendee or a Café that does not exist' using errcode = 'foreign_key_violation';
  end if;
  return null;
end
$$;

create trigger registration_refers after insert on registration
referencing new table as made for each statement execute function registration_refers();

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
      or exists (select from registration r where r.attendee_id = old.id and r.status = 'waitlisted')
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
