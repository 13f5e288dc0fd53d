-- What must be told because of a commit, written in that commit. Owner: libs/outbox.

create type mail_kind as enum (
  'prove-address', 'sign-in-code', 'confirmed', 'waitlisted', 'moved-up', 'offered', 'offer-expired', 'swapped', 'cafe-moved',
  'line-closed', 'cancelled'
);

create table outbox (
  id uuid primary key default uuidv7(),
  kind mail_kind not null,
  -- Whom and what it is about; ids only. A sign-in code may go to an address that is no attendee yet.
  attendee_id uuid,
  registration_id uuid,
  challenge_id uuid,
  created_at timestamptz not null default now(),
  -- Handed to the queue. A row handed over long ago and not done is handed over again.
  queued_at timestamptz,
  -- Its effect is recorded; nothing more is owed.
  done_at timestamptz
);

-- The relay takes the rows not yet handed over, oldest first (ids are UUIDv7, so they are in order of time).
create index outbox_unqueued on outbox (id) where queued_at is null;
-- The sweep looks for rows handed over and never done.
create index outbox_undone on outbox (queued_at) where done_at is null and queued_at is not null;

create type delivery_status as enum ('queued', 'sent', 'deferred', 'bounced');

-- How the telling went: one row a message, with its stable Message-ID.
create table email_delivery (
  outbox_id uuid primary key references outbox on delete cascade,
  message_id text not null unique,
  status delivery_status not null default 'queued',
  attempts integer not null default 0,
  last_fault text,
  -- Only one worker sends at a time; a dead worker's lease runs out.
  leased_until timestamptz,
  sent_at timestamptz,
  updated_at timestamptz not null default now()
);

create index email_delivery_status on email_delivery (status);
