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
  cafe_id uuid not null references cafe on delete cascade,
  attendee_id uuid not null references attendee on delete cascade,
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

-- A person is at most once in a Café, seated or in line; also how a person's registrations are listed.
create unique index registration_once on registration (attendee_id, cafe_id)
  where status in ('held', 'offered', 'confirmed', 'waitlisted');
-- The line of a Café in its order.
create unique index registration_line on registration (cafe_id, waitlist_number) where status = 'waitlisted';
-- The people of a Café, for its host.
create index registration_seated on registration (cafe_id) where status in ('held', 'offered', 'confirmed');
-- What runs out next.
create index registration_expiry on registration (expires_at) where expires_at is not null;

-- The minutes of one UTC day (days since 1970-01-01) that a person's active seats take: one bit a minute, and their
-- sum. A seat adds its minutes to both. Two seats at the same time would be one bit but two minutes, so the check
-- makes an overlap impossible to commit. Three times as cheap as an exclusion constraint (docs/adr/0003).
create table attendee_day (
  attendee_id uuid not null references attendee on delete cascade,
  day integer not null,
  busy bit(1440) not null,
  busy_minutes integer not null,
  primary key (attendee_id, day),
  constraint attendee_day_no_overlap check (bit_count(busy) = busy_minutes)
);
