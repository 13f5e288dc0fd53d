-- Attendees, what they may do, and how they sign in. Owner: libs/people.

create table attendee (
  id uuid primary key default uuidv7(),
  -- Trimmed and in lower case (contract: Email): the form in which a person is recognised.
  email text not null unique,
  name text not null,
  organisation text,
  locale text not null,
  -- When somebody first showed that they read this mailbox. Null: seats are only held until then.
  email_proved_at timestamptz,
  created_at timestamptz not null default now(),
  -- Whether the person wants to be reminded of their seats.
  reminders boolean not null default true,
  -- The private address that the person's calendar follows holds this id, sealed with the secret of the installation. Another id
  -- ends the address, null all of them.
  calendar_feed_id uuid,
  constraint attendee_email_normal check (email = lower(btrim(email)))
);

-- Whose feed a calendar asks for. Only of those who have one, so that a new attendee pays for no entry.
create unique index attendee_calendar_feed on attendee (calendar_feed_id) where calendar_feed_id is not null;

create type role_name as enum ('host', 'organiser');

create table role_grant (
  id uuid primary key default uuidv7(),
  attendee_id uuid not null references attendee on delete cascade,
  role role_name not null,
  event_id uuid not null references event on delete cascade,
  -- A host acts for a room; an organiser for the whole event.
  room_id uuid references room on delete cascade,
  constraint role_grant_has_its_scope check ((role = 'host') = (room_id is not null)),
  constraint role_grant_once unique nulls not distinct (attendee_id, role, event_id, room_id)
);

-- One asking to sign in. The six digits and the link's token are derived from the id with the secret of the
-- installation (libs/people), so that neither this table nor any queue holds anything that opens a session.
create table sign_in_challenge (
  id uuid primary key default uuidv7(),
  email text not null,
  locale text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  attempts integer not null default 0,
  used_at timestamptz,
  -- A link that an operator printed (npm start) opens a session as often as it is used until it expires.
  reusable boolean not null default false
);

-- The open challenges of an address (verify by code) and how many were asked for lately (limit).
create index sign_in_challenge_email on sign_in_challenge (email, created_at);

-- Sessions ended before their cookie expires. Every process keeps this short list in memory.
create table session_revocation (
  session_id uuid primary key,
  revoked_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- The answer once given to an Idempotency-Key, by person (or address, where nobody is signed in).
create table idempotency_key (
  scope text not null,
  key text not null,
  request_hash bytea not null,
  status integer not null,
  answer jsonb not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);

create index idempotency_key_created_at on idempotency_key (created_at);
