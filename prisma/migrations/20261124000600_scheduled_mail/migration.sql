-- Messages that come at a time, and to whom mail cannot be delivered. Owner: libs/outbox, but where it is said.
-- What uses the new kinds stands in the next migration: a value cannot be used in the transaction that adds it.

alter type mail_kind add value 'reminder-day-before';
alter type mail_kind add value 'reminder-soon';
alter type mail_kind add value 'host-list';
alter type mail_kind add value 'thanks';
alter type mail_kind add value 'capacity-lost';
alter type mail_kind add value 'delegation-summary';
alter type mail_kind add value 'cancelled-by-organiser';

-- Whether the person wants to be reminded of their seats. Owner: libs/people.
alter table attendee add column reminders boolean not null default true;

alter table outbox
  -- What a message is about besides one registration.
  add column delegation_id uuid,
  add column cafe_id uuid,
  add column event_id uuid,
  -- Of a message that comes at a time: the start of the Café (reminders, the host's list) or the end of the event (thanks) that
  -- it was decided on. When that is another one by the time of sending, the message is not sent.
  add column about_at timestamptz;

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
-- What starts soon.
create index cafe_starts_at on cafe (starts_at);

-- A lease is its worker's for as long as that worker is there, however long it is stopped or a mail server lets it wait; and for
-- as long as `leased_until` says, should its connection to this database be lost and come back. Without a worker there is
-- neither: what a killed one had in hand is free a few seconds later.
alter table email_delivery add column leased_by integer;
-- Every worker holds this advisory lock, with its number, in a session of its own; a session ends with its process.
create function outbox_worker_lock() returns integer language sql immutable as $$ select 7212025 $$;
create function outbox_worker_is_there(worker integer) returns boolean language sql stable as $$
  select exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.classid = outbox_worker_lock()::oid and l.objid = worker::oid and l.objsubid = 2
  )
$$;

-- The messages that a person did not get. Filled by the worker, so that a claim pays for no index on the outbox's people.
alter table email_delivery add column attendee_id uuid;
create index email_delivery_bounced on email_delivery (attendee_id, updated_at) where status = 'bounced';
