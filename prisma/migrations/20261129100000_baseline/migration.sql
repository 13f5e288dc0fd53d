-- The baseline: types, tables, indexes and constraints. Later migrations are only added; this file does not change.
-- Functions, triggers and views are not here: each has a file in libs/*/sql, which `migrate` applies after the migrations.

-- Programme: events, rooms, Cafés and their texts. Owner: libs/programme.
-- How many seats a Café has, and who has them, is in cafe_seats and registration (owner: libs/seats).

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
  -- How many of a Café's seats guests may hold together, in per cent of its capacity.
  unproved_share_percent integer not null default 50,
  -- How long after the start of a Café its hosts wait before they may release the seat of an absent person.
  no_show_grace_minutes integer not null default 10,
  constraint event_ends_after_start check (ends_at > starts_at),
  constraint event_unproved_share_is_a_share check (unproved_share_percent between 0 and 100),
  constraint event_no_show_grace_in_bounds check (no_show_grace_minutes between 0 and 1440)
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
  -- attendee_day counts whole minutes.
  constraint cafe_on_whole_minutes check (
    date_trunc('minute', starts_at, 'UTC') = starts_at and date_trunc('minute', ends_at, 'UTC') = ends_at
  ),
  constraint cafe_within_a_day check (ends_at <= starts_at + interval '24 hours')
);

-- The Cafés of a room (the gateway reads counts by room).
create index cafe_room on cafe (room_id);
-- The Cafés that start soon.
create index cafe_starts_at on cafe (starts_at);

-- Attendees, roles and sign-in. Owner: libs/identity.

create table attendee (
  id uuid primary key default uuidv7(),
  -- Trimmed and in lower case (contract: Email). It identifies the person.
  email text not null unique,
  name text not null,
  organisation text,
  locale text not null,
  -- When the person first proved that they read this mailbox. Null: only guest registrations are made for them.
  email_proved_at timestamptz,
  created_at timestamptz not null default now(),
  -- Whether the person wants reminders.
  reminders boolean not null default true,
  -- The private calendar address of the person holds this id, sealed with the secret of the installation. Another id ends the
  -- address; null means that there is none.
  calendar_feed_id uuid,
  -- The client that typed this address last had already caused many mails: its mails may use only a part of the mail budget.
  later_mails boolean not null default false,
  constraint attendee_email_normal check (email = lower(btrim(email)))
);

-- Finds the person of a calendar address. Partial, so that a new attendee adds no entry.
create unique index attendee_calendar_feed on attendee (calendar_feed_id) where calendar_feed_id is not null;

create type role_name as enum ('host', 'organiser');

create table role_grant (
  id uuid primary key default uuidv7(),
  attendee_id uuid not null references attendee on delete cascade,
  role role_name not null,
  event_id uuid not null references event on delete cascade,
  -- A host acts for one room; an organiser for the whole event.
  room_id uuid references room on delete cascade,
  constraint role_grant_has_its_scope check ((role = 'host') = (room_id is not null)),
  constraint role_grant_once unique nulls not distinct (attendee_id, role, event_id, room_id)
);

create type role_change_kind as enum ('granted', 'revoked');

-- The history of role_grant: one row for each grant and each revocation, written in the statement that changes role_grant. Append-only. It has no
-- foreign keys, because a row outlives its attendee, room and event. An event has a few rows, so none is deleted.
create table role_change (
  id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  change role_change_kind not null,
  -- The attendee who made the change. Null: the operator of the installation, on the command line.
  changed_by uuid,
  attendee_id uuid not null,
  role role_name not null,
  event_id uuid not null,
  room_id uuid,
  constraint role_change_has_its_scope check ((role = 'host') = (room_id is not null))
);

create index role_change_event on role_change (event_id, at);

-- One request to sign in. The code and the token of the link are derived from the id with the secret of the installation
-- (libs/identity), so nothing in this table or in a queue opens a session.
create table sign_in_challenge (
  id uuid primary key default uuidv7(),
  email text not null,
  locale text not null,
  created_at timestamptz not null default now(),
  -- When the link expires.
  expires_at timestamptz not null,
  attempts integer not null default 0,
  used_at timestamptz,
  -- A link that an operator printed (npm start): it works any number of times until it expires.
  reusable boolean not null default false,
  -- The guest registration whose mail holds the code and the link. Null: the address asked to sign in.
  registration_id uuid,
  -- The length of the code. Longer for people with a role.
  digits integer not null default 6,
  -- When the code expires: earlier than the link.
  code_expires_at timestamptz not null default now() + interval '10 minutes',
  -- When the page that claimed (it holds a claim token) used the code. Counted apart from `used_at`, which the link in another browser sets.
  used_by_claim_at timestamptz,
  -- Its mail went to a proved address although the answer said that no mail is sent now. Later answers ignore this challenge.
  unannounced boolean not null default false,
  constraint sign_in_challenge_digits check (digits in (6, 8))
);
comment on column sign_in_challenge.attempts is 'tries with the token of its link or the claim token of its registration, at most 10';

-- The open challenges of an address, and how many there were lately (limit).
create index sign_in_challenge_email on sign_in_challenge (email, created_at);
-- A registration has one open challenge at most.
create unique index sign_in_challenge_registration on sign_in_challenge (registration_id) where used_at is null;

-- When codes were tried, by a keyed digest of the address or of the registration id. Rows without a try for 25 hours are deleted.
create table code_tries (
  subject text primary key,
  -- The tries of the last day, oldest first. The limits keep the list short.
  tried_at timestamptz[] not null,
  -- The last try, allowed or refused.
  last_at timestamptz not null default now()
);
create index code_tries_last_at on code_tries (last_at);

-- Mails with a code, by mailbox (mailbox_of): sign-in mails and mails of guest registrations. Rows are deleted after a day.
create table sign_in_mails (
  mailbox text primary key,
  -- The mails of the last hour, oldest first.
  mailed_at timestamptz[] not null default '{}',
  -- The challenge of the last sign-in mail.
  challenge_id uuid
);

-- Sessions that ended before their cookie expires. Every process keeps this short list in memory.
create table session_revocation (
  -- A session, or (with `issued_until`, or when the person was erased) an attendee.
  session_id uuid primary key,
  revoked_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- Ends all sessions of the attendee that were issued until this instant. Null: ends the session, or all sessions of an erased person.
  issued_until timestamptz
);

-- The answer to a request with an Idempotency-Key, by person (or address, where nobody is signed in).
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

-- Messages to send because of a commit, written in that commit. Owner: libs/notifications.

create type mail_kind as enum (
  'prove-address', 'sign-in-code', 'confirmed', 'waitlisted', 'moved-up', 'offered', 'offer-expired', 'swapped', 'cafe-moved',
  'line-closed', 'cancelled', 'reminder-day-before', 'reminder-soon', 'host-list', 'thanks', 'capacity-lost', 'delegation-summary',
  'cancelled-by-organiser', 'seat-released'
);

create table outbox (
  id uuid primary key default uuidv7(),
  kind mail_kind not null,
  -- The recipient and the subject; ids only. A sign-in code may go to an address that is not an attendee yet.
  attendee_id uuid,
  registration_id uuid,
  challenge_id uuid,
  delegation_id uuid,
  cafe_id uuid,
  event_id uuid,
  -- Of a scheduled message: the start of the Café (reminders, host list) or the end of the event (thanks) for which it was written.
  -- When that instant is another one at the time of sending, the message is not sent.
  about_at timestamptz,
  created_at timestamptz not null default now(),
  -- When the relay enqueued it. A row that was enqueued long ago and is not done is enqueued again.
  queued_at timestamptz,
  -- When its effect was recorded: nothing remains to do.
  done_at timestamptz
);

-- The relay enqueues the rows without `queued_at`, oldest first (ids are UUIDv7, so they are in order of time).
create index outbox_unqueued on outbox (id) where queued_at is null;
-- The sweep looks for rows that were enqueued and are not done.
create index outbox_undone on outbox (queued_at) where done_at is null and queued_at is not null;

-- Messages of one statement that differ only in their recipient: one row here instead of one row each in `outbox` with entries in two
-- indexes, because a batch of claims is in a hurry. The relay turns them into rows of `outbox` before it enqueues anything.
create table outbox_batch (
  -- The id of its first message.
  id uuid primary key,
  kind mail_kind not null,
  -- One element for each message, in the same order: its registration (whose id the message has), its recipient and, where there is one, its challenge.
  registration_ids uuid[] not null,
  attendee_ids uuid[] not null,
  challenge_ids uuid[] not null,
  created_at timestamptz not null default now()
) with (toast_tuple_target = 8160); -- as seat_event_made: stored in the page, not compressed
alter table outbox_batch alter column registration_ids set storage external;
alter table outbox_batch alter column attendee_ids set storage external;
alter table outbox_batch alter column challenge_ids set storage external;

create type delivery_status as enum ('queued', 'sent', 'deferred', 'bounced');

-- The delivery of a message: one row for each message, with its stable Message-ID.
create table email_delivery (
  outbox_id uuid primary key references outbox on delete cascade,
  message_id text not null unique,
  status delivery_status not null default 'queued',
  attempts integer not null default 0,
  last_fault text,
  -- The lease: only this worker sends the message. It lasts as long as the worker runs (outbox_worker_is_there), and until `leased_until` in
  -- case the worker lost its connection to this database. The lease of a killed worker ends within seconds.
  leased_by integer,
  leased_until timestamptz,
  -- The recipient. The worker fills it, so that a claim pays for no index on the recipients of the outbox.
  attendee_id uuid,
  sent_at timestamptz,
  updated_at timestamptz not null default now(),
  -- The hour whose mail budget counts this message. A message is counted once, however often it is tried.
  budget_hour timestamptz,
  -- When its mailbox counted it (sign_in_mails), once as well.
  mailbox_at timestamptz
);

create index email_delivery_status on email_delivery (status);
create index email_delivery_attendee on email_delivery (attendee_id);

-- Mails to addresses that are not proved have a budget for each hour, because anybody can type any address. Rows are deleted after two days.
create table mail_budget (
  -- The event. The nil UUID for sign-in mails, which belong to no event.
  subject_id uuid not null,
  hour timestamptz not null,
  messages integer not null,
  primary key (subject_id, hour)
);

-- Seats: who has one, who waits, and how many are free. Owner: libs/seats.

create type cafe_state as enum ('draft', 'open', 'closed', 'cancelled');
create type registration_status as enum ('held', 'offered', 'confirmed', 'waitlisted', 'cancelled', 'expired');
-- Why a seat changed. `guest`: a claim that made a guest registration.
create type seat_cause as enum (
  'claim', 'guest', 'delegation', 'proof', 'line', 'acceptance', 'swap', 'declined', 'expiry', 'attendee', 'check-in', 'walk-in',
  'no-show', 'line-closed', 'cafe-closed', 'cafe-cancelled', 'move', 'organiser'
);
create type delegation_mode as enum ('all', 'each');

-- One row for each Café: every change of its seats locks this row, and only this row counts them.
create table cafe_seats (
  cafe_id uuid primary key references cafe on delete cascade,
  capacity integer not null,
  -- A smaller capacity that the organiser wants: seats that become free are not given until it is reached.
  target_capacity integer,
  state cafe_state not null,
  waitlist_open boolean not null,
  -- Whether the room is too small for all its Cafés at that time (room_slot).
  pooled boolean not null default false,
  -- Grows by one with every change of this row; each version has rows in the ledger.
  version bigint not null default 0,
  -- Registrations that are held, offered or confirmed.
  taken integer not null default 0,
  waitlisted integer not null default 0,
  -- Confirmed registrations that are checked in.
  present integer not null default 0,
  last_waitlist_number integer not null default 0,
  -- Guest registrations that are held, and that wait.
  unproved integer not null default 0,
  unproved_waiting integer not null default 0,
  constraint cafe_seats_capacity_in_bounds check (capacity between 0 and 100000),
  constraint cafe_seats_target_below_capacity check (target_capacity between 0 and capacity - 1),
  constraint cafe_seats_never_oversold check (taken between 0 and capacity),
  constraint cafe_seats_counts_in_bounds check (waitlisted >= 0 and present between 0 and taken),
  constraint cafe_seats_unproved_in_bounds check (unproved between 0 and taken and unproved_waiting between 0 and waitlisted)
) with (fillfactor = 50); -- half of each page stays free, so that updates of a hot row are HOT updates

-- A time at which several Cafés of a room have more seats together than the room: they share its capacity. One row for each stretch of
-- time in which the same Cafés run; none where the room is large enough for all of them.
create table room_slot (
  room_id uuid not null references room on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null,
  taken integer not null,
  primary key (room_id, starts_at),
  constraint room_slot_never_oversold check (taken between 0 and capacity)
) with (fillfactor = 50);

-- Seats that one person (the delegate) took for others in one call. `all`: all of them or none.
create table delegation (
  id uuid primary key default uuidv7(),
  cafe_id uuid not null references cafe on delete cascade,
  -- The delegate. Null once they asked to be erased; the group stays one.
  attendee_id uuid references attendee on delete set null,
  mode delegation_mode not null,
  created_at timestamptz not null default now()
);

-- The delegations of a delegate.
create index delegation_attendee on delegation (attendee_id) where attendee_id is not null;

create table registration (
  id uuid primary key default uuidv7(),
  -- The trigger registration_made checks both references, once for each statement (docs/adr/0005).
  cafe_id uuid not null,
  attendee_id uuid not null,
  status registration_status not null,
  -- The order in the waitlist: given once, in the order of commits, and never changed.
  waitlist_number integer,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  checked_in_at timestamptz,
  -- A seat beside another seat of the same attendee at that time. It takes none of their minutes: an offer to swap, or a seat that the
  -- organiser let them keep when a Café was moved.
  overlapping boolean not null default false,
  -- Why it changed last, and who changed it where it was not the attendee.
  cause seat_cause not null,
  changed_by uuid,
  delegation_id uuid,
  -- A guest registration takes none of its attendee's minutes, and exists beside their own registrations. Only its attendee confirms it
  -- (seats_prove). It keeps this mark when it ends.
  guest boolean not null default false,
  -- Of a guest who waits although a seat is free: until when they may prove their address to get it.
  prove_by timestamptz,
  constraint registration_waits_with_a_number check (status <> 'waitlisted' or waitlist_number is not null),
  constraint registration_expires_when_kept check ((status in ('held', 'offered')) = (expires_at is not null)),
  constraint registration_present_is_confirmed check (checked_in_at is null or status = 'confirmed'),
  constraint registration_overlaps_when_kept check (not overlapping or status in ('offered', 'confirmed')),
  constraint registration_guest_is_unconfirmed check (not guest or status in ('held', 'waitlisted', 'cancelled', 'expired')),
  constraint registration_held_is_of_a_guest check (guest or status <> 'held'),
  constraint registration_proves_while_waiting check (prove_by is null or (guest and status = 'waitlisted'))
) with (fillfactor = 90);

-- An attendee has one registration of their own in a Café at most; also lists their own active registrations.
create unique index registration_once on registration (attendee_id, cafe_id)
  where status in ('held', 'offered', 'confirmed', 'waitlisted') and not guest;
-- And one guest registration at most; also lists their active guest registrations.
create unique index registration_guest_once on registration (attendee_id, cafe_id)
  where status in ('held', 'waitlisted') and guest;
-- The waitlist of a Café in its order.
create unique index registration_line on registration (cafe_id, waitlist_number) where status = 'waitlisted';
-- The seated attendees of a Café, for its host.
create index registration_seated on registration (cafe_id) where status in ('held', 'offered', 'confirmed');
-- The ended registrations of an attendee.
create index registration_ended on registration (attendee_id, cafe_id, id) where status in ('cancelled', 'expired');
-- The holds and offers that expire next.
create index registration_expiry on registration (expires_at) where expires_at is not null;
-- The guests whose time to prove an address ends next.
create index registration_prove_by on registration (prove_by) where prove_by is not null;
-- The registrations of a delegation.
create index registration_delegation on registration (delegation_id) where delegation_id is not null;

-- The number of seats that are held for the people of one mailbox (mailbox_of), in all Cafés. No row means none.
create table mailbox_hold (
  mailbox text primary key,
  held integer not null,
  constraint mailbox_hold_within_limit check (held between 0 and 3)
);

-- What the claim token of a guest registration shows after it stopped being a guest registration in another way than by expiry. Anybody may have
-- claimed it, so the token does not follow the seat. When its own mail or token proved it: what it became, for an hour. Otherwise (the
-- attendee's own choice, a refusal, a cancelled Café): what it was, until it would have expired.
create table guest_outcome (
  registration_id uuid primary key references registration on delete cascade,
  status registration_status not null,
  -- Null: until the end of the Café.
  until timestamptz,
  proved boolean not null default false
);

-- The name and the organisation that another person typed with a registration: a claim without a session, a delegation, a walk-in. Hosts and
-- organisers see them instead of the attendee's own, so that nobody learns those by typing an address. The row is deleted when the
-- attendee makes the registration their own (registration_changed).
create table typed_name (
  registration_id uuid primary key references registration on delete cascade,
  name text not null,
  organisation text
);

-- The minutes of one UTC day (days since 1970-01-01) that an attendee's active seats take: one bit for each minute, and the sum of the minutes. A seat
-- adds its minutes to both. Two seats at the same time would be one bit but two minutes, so the check makes it
-- impossible to commit an overlap. It costs a third of an exclusion constraint (docs/adr/0003).
create table attendee_day (
  -- The attendee of a registration. The row is deleted with them.
  attendee_id uuid not null,
  day integer not null,
  busy bit(1440) not null,
  busy_minutes integer not null,
  primary key (attendee_id, day),
  constraint attendee_day_no_overlap check (bit_count(busy) = busy_minutes)
);

-- The minutes that a Café takes of each UTC day that it touches, computed once: a claim adds them as they are.
create table cafe_minutes (
  cafe_id uuid not null references cafe on delete cascade,
  day integer not null,
  minutes bit(1440) not null,
  -- The number of those minutes.
  count integer not null,
  -- The number of days: two, over midnight.
  days integer not null,
  primary key (cafe_id, day)
);

-- A change whose effect on registrations waits (docs/adr/0016). The transaction that applies it or undoes it deletes the row, so exactly one
-- of both happens, once, whichever process is killed.
create table pending_change (
  id uuid primary key default uuidv7(),
  cafe_id uuid not null references cafe on delete cascade,
  -- `no-show`: ends the seats of the named registrations. The others (a closing): end the places in the waitlist;
  -- `cafe-cancelled` ends the seats too.
  cause seat_cause not null,
  registration_ids uuid[] not null default '{}',
  -- Of a closing: what undoing it restores.
  state_before cafe_state,
  waitlist_open_before boolean,
  -- Of a closing: another closing was pending when it was made, and undoing it undoes both.
  covers_earlier boolean not null default false,
  changed_by uuid,
  applies_at timestamptz not null,
  constraint pending_change_cause_is_known check (cause in ('no-show', 'line-closed', 'cafe-closed', 'cafe-cancelled')),
  constraint pending_change_release_names_registrations check ((cause = 'no-show') = (registration_ids <> '{}')),
  constraint pending_change_closing_knows_before check (
    num_nulls(state_before, waitlist_open_before) = case when cause = 'no-show' then 2 else 0 end
  )
);

-- A Café has one pending closing at most.
create unique index pending_change_closing on pending_change (cafe_id) where cause <> 'no-show';
create index pending_change_cafe on pending_change (cafe_id);
-- The changes that apply next.
create index pending_change_due on pending_change (applies_at);

-- The ledger: everything that happened to Cafés and their seats. Append-only. Replayed from its beginning, it gives every registration and
-- every count (docs/adr/0007). It has two halves.
--
-- First half: registrations as they were made. A row holds all registrations that one statement made alike, in whatever Cafés, so that claims on a
-- hundred Cafés add as many rows as claims on one.
create table seat_event_made (
  -- The `created_at` of its registrations, by which they are found here.
  at timestamptz not null,
  -- The id of its first registration.
  id uuid not null,
  status registration_status not null,
  cause seat_cause not null,
  -- Who made it, where it was not the attendee.
  changed_by uuid,
  -- One element for each registration, in the same order: its Café, the Café's version from then on, its id, its attendee and, where it waits, its
  -- waitlist number.
  cafe_ids uuid[] not null,
  versions bigint[] not null,
  registration_ids uuid[] not null,
  attendee_ids uuid[] not null,
  waitlist_numbers integer[] not null,
  expires_at timestamptz,
  overlapping boolean not null,
  primary key (at, id)
) with (toast_tuple_target = 8160); -- up to about 140 claims stay in the page: storing them out of line, or compressing ids, costs more than it saves
alter table seat_event_made alter column cafe_ids set storage external;
alter table seat_event_made alter column versions set storage external;
alter table seat_event_made alter column registration_ids set storage external;
alter table seat_event_made alter column attendee_ids set storage external;
alter table seat_event_made alter column waitlist_numbers set storage external;

-- Second half: what happened to them and to the Cafés afterwards, in the order of each Café's versions. A version has a row for each kind of change.
create table seat_event (
  id bigint generated always as identity,
  cafe_id uuid not null,
  version bigint not null,
  at timestamptz not null default now(),
  -- The registrations' new status; or `checked-in`, `check-in-undone`, `told` (only the cause changed), `cafe`.
  what text not null,
  cause seat_cause not null,
  -- Who changed it, where it was not the attendee.
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

-- Scheduled messages that were written: one row for each kind and Café (or event) at a time. Whoever inserts the row writes the messages in the same commit,
-- so they are written once, however many workers find them due.
create table scheduled_mail (
  kind mail_kind not null,
  -- The Café; of thanks, the event.
  subject_id uuid not null,
  about_at timestamptz not null,
  owed_at timestamptz not null default now(),
  primary key (kind, subject_id, about_at)
);
