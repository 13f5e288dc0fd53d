-- Organisers edit programmes: draft events, versions of events and rooms, the settings of an event, and the reason of a change.

-- Owner: libs/programme.
create type event_state as enum ('draft', 'published');

alter table event
  add column state event_state not null default 'published',
  -- When it was published last; a draft that was never published has none.
  add column published_at timestamptz default now(),
  -- Grows with each change of the event itself, and not with its rooms and Cafés (`version` grows with these too).
  add column facts_version bigint not null default 1,
  -- {name: {"fr": …}, address?: {…}, directions?: {…}, mapUrl?}
  add column venue jsonb,
  -- What a Café, a host and a seat are called: {cafe?: {known} or {own: {"fr": {one, other}}}, host?, seat?}
  add column words jsonb not null default '{}',
  -- #rrggbb
  add column accent text,
  -- {privacy?: {"fr": …}, legalNotice?: {…}, accessibility?: {…}, contact?}
  add column legal jsonb not null default '{}',
  add constraint event_published_at_a_time check (state = 'draft' or published_at is not null),
  add constraint event_accent_is_a_colour check (accent ~ '^#[0-9a-f]{6}$');

alter table room
  -- Grows with each change of the room.
  add column version bigint not null default 1;

-- Owner: libs/seats. Why the organisers changed it last, in their words: mails about the change contain it.
alter table pending_change
  add column reason text,
  add constraint pending_change_reason_in_bounds check (char_length(reason) between 1 and 300);

-- Last, because claims wait for this table until the migration is committed.
alter table registration
  add column reason text,
  add constraint registration_reason_in_bounds check (char_length(reason) between 1 and 300) not valid;
