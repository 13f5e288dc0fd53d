-- What must be told because of a commit, written in that commit. Owner: libs/outbox.

create type mail_kind as enum (
  'prove-address', 'sign-in-code', 'confirmed', 'waitlisted', 'moved-up', 'offered', 'offer-expired', 'swapped', 'cafe-moved',
  'line-closed', 'cancelled', 'reminder-day-before', 'reminder-soon', 'host-list', 'thanks', 'capacity-lost', 'delegation-summary',
  'cancelled-by-organiser'
);

create table outbox (
  id uuid primary key default uuidv7(),
  kind mail_kind not null,
  -- Whom and what it is about; ids only. A sign-in code may go to an address that is no attendee yet.
  attendee_id uuid,
  registration_id uuid,
  challenge_id uuid,
  delegation_id uuid,
  cafe_id uuid,
  event_id uuid,
  -- Of a message that comes at a time: the start of the Café (reminders, the host's list) or the end of the event (thanks) that
  -- it was decided on. When that is another one by the time of sending, the message is not sent.
  about_at timestamptz,
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

-- Messages that one statement owes to many, alike but for whom they are for: a row, where `outbox` would have one each, with its entries in two
-- indexes. Who makes them may be in a hurry (a batch of claims); the relay makes rows of `outbox` of them before it hands anything over.
create table outbox_batch (
  -- That of its first message.
  id uuid primary key,
  kind mail_kind not null,
  -- Of each message, in one order: the registration that it is about, whose id it has; whom; and, where any has one, its challenge.
  registration_ids uuid[] not null,
  attendee_ids uuid[] not null,
  challenge_ids uuid[] not null,
  created_at timestamptz not null default now()
) with (toast_tuple_target = 8160); -- as in the ledger: in its page, and not compressed
alter table outbox_batch alter column registration_ids set storage external;
alter table outbox_batch alter column attendee_ids set storage external;
alter table outbox_batch alter column challenge_ids set storage external;

-- Make rows of `outbox` of the oldest batches, as many as given. Returns how many messages there were. Any number may do so at once.
create function outbox_open(batches_max integer) returns integer language sql as $$
  with opened as (
    delete from outbox_batch b
    where b.id = any (array(select o.id from outbox_batch o order by o.id limit batches_max for update skip locked))
    returning b.*
  ),
  owed as (
    insert into outbox (id, kind, attendee_id, registration_id, challenge_id, created_at)
    select m.registration_id, b.kind, m.attendee_id, m.registration_id, m.challenge_id, b.created_at
    from opened b
    cross join lateral unnest(b.registration_ids, b.attendee_ids, b.challenge_ids) as m (registration_id, attendee_id, challenge_id)
    returning id
  )
  select count(*)::integer from owed
$$;

create type delivery_status as enum ('queued', 'sent', 'deferred', 'bounced');

-- How the telling went: one row a message, with its stable Message-ID.
create table email_delivery (
  outbox_id uuid primary key references outbox on delete cascade,
  message_id text not null unique,
  status delivery_status not null default 'queued',
  attempts integer not null default 0,
  last_fault text,
  -- Only one worker sends at a time. A lease is its worker's for as long as that worker is there, however long it is stopped or a
  -- mail server lets it wait; and for as long as `leased_until` says, should its connection to this database be lost and come
  -- back. Without a worker there is neither: what a killed one had in hand is free a few seconds later.
  leased_by integer,
  leased_until timestamptz,
  -- Whose message it is. Filled by the worker, so that a claim pays for no index on the outbox's people.
  attendee_id uuid,
  sent_at timestamptz,
  updated_at timestamptz not null default now()
);

create index email_delivery_status on email_delivery (status);
create index email_delivery_attendee on email_delivery (attendee_id);

-- Every worker holds this advisory lock, with its number, in a session of its own; a session ends with its process.
create function outbox_worker_lock() returns integer language sql immutable as $$ select 7212025 $$;
create function outbox_worker_is_there(worker integer) returns boolean language sql stable as $$
  select exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.classid = outbox_worker_lock()::oid and l.objid = worker::oid and l.objsubid = 2
  )
$$;
