-- Events, their rooms, and what is told of each Café. Owner: libs/programme.
-- How many seats a Café has, and who has them, stands in cafe_seats and registration (owner: libs/seats).

create type cafe_kind as enum ('cafe', 'stand', 'space');

create table event (
  id uuid primary key default uuidv7(),
  slug text not null unique,
  -- {"fr": …, "en": …}
  title jsonb not null,
  time_zone text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  locales text[] not null,
  constraint event_ends_after_start check (ends_at > starts_at)
);

create table room (
  id uuid primary key default uuidv7(),
  event_id uuid not null references event on delete cascade,
  code text not null,
  name text not null,
  capacity integer not null,
  position integer not null,
  unique (event_id, code),
  constraint room_capacity_in_bounds check (capacity between 0 and 100000)
);

create table cafe (
  id uuid primary key default uuidv7(),
  event_id uuid not null references event on delete cascade,
  room_id uuid not null references room on delete cascade,
  code text not null,
  kind cafe_kind not null,
  position integer not null,
  -- {"fr": {title, summary, audience, takeaways, agenda, keywords}, "en": {…}}
  texts jsonb not null,
  hosts text[] not null,
  -- [{name, role?, organisation?, pair?}]
  speakers jsonb not null,
  -- [{name, email?}]
  contacts jsonb not null,
  language text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  unique (event_id, code),
  constraint cafe_ends_after_start check (ends_at > starts_at),
  -- A person's minutes are counted whole (attendee_day), and a Café is a matter of hours.
  constraint cafe_on_whole_minutes check (
    date_trunc('minute', starts_at, 'UTC') = starts_at and date_trunc('minute', ends_at, 'UTC') = ends_at
  ),
  constraint cafe_within_a_day check (ends_at <= starts_at + interval '24 hours')
);

-- The programme of a room (gateway: counts by room).
create index cafe_room on cafe (room_id);
-- What starts soon.
create index cafe_starts_at on cafe (starts_at);
