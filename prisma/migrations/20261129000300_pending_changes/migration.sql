-- Changes that end other people's registrations can be undone for ten seconds (docs/adr/0016). Owner: libs/seats.

-- Its functions stand in the migration after this one, because a new value of a type cannot be used in the transaction that adds it.
alter type mail_kind add value 'seat-released';

-- How long after the start of a Café its hosts wait before they give the seat of an absent person to the waitlist.
alter table event add column no_show_grace_minutes integer not null default 10
  constraint event_no_show_grace_in_bounds check (no_show_grace_minutes between 0 and 1440);

-- How long a pending change can be undone.
create function seats_undo_window() returns interval language sql immutable as $$ select interval '10 seconds' $$;

-- A change whose effect on registrations waits. The row is deleted in the transaction that applies it or undoes it, so exactly one of both
-- happens, once, whichever process is killed.
create table pending_change (
  id uuid primary key default uuidv7(),
  cafe_id uuid not null references cafe on delete cascade,
  -- `no-show`: ends the seats of the named registrations. The others (a closing) end the places in the waitlist;
  -- `cafe-cancelled` ends the seats too.
  cause seat_cause not null,
  registration_ids uuid[] not null default '{}',
  -- Of a closing: what undoing it restores.
  state_before cafe_state,
  waitlist_open_before boolean,
  -- Of a closing: another one was pending when it was made, and undoing it undoes both.
  covers_earlier boolean not null default false,
  changed_by uuid,
  applies_at timestamptz not null,
  constraint pending_change_cause_is_known check (cause in ('no-show', 'line-closed', 'cafe-closed', 'cafe-cancelled')),
  constraint pending_change_release_names_registrations check ((cause = 'no-show') = (registration_ids <> '{}')),
  constraint pending_change_closing_knows_before check (
    num_nulls(state_before, waitlist_open_before) = case when cause = 'no-show' then 2 else 0 end
  )
);

-- A Café has one closing at most.
create unique index pending_change_closing on pending_change (cafe_id) where cause <> 'no-show';
create index pending_change_cafe on pending_change (cafe_id);
-- What applies next.
create index pending_change_due on pending_change (applies_at);
