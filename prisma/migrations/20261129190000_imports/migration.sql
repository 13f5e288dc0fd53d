-- Imports of programmes from files. Owner: libs/programme.

alter table cafe
  -- What identifies the Café in the file that it was imported from.
  add column source_id text,
  add constraint cafe_source_id_in_bounds check (char_length(source_id) between 1 and 200),
  -- A load may exchange the ids of two Cafés.
  add constraint cafe_source_id_once unique (event_id, source_id) deferrable initially deferred;

-- Files that were read and not applied yet. A row goes a day after the file was sent.
create table programme_import (
  id uuid primary key default uuidv7(),
  -- Null: the import makes a new event.
  event_id uuid references event on delete cascade,
  -- Who sent the file, and alone may apply it.
  attendee_id uuid not null references attendee on delete cascade,
  file_name text not null constraint programme_import_file_name_in_bounds check (char_length(file_name) between 1 and 200),
  -- What the reader made of the file (ReadImport); the file itself is not kept.
  content jsonb not null,
  -- The field of each column of a table; null for other kinds of files.
  mapping jsonb,
  -- What was set by hand (Answers).
  answers jsonb not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index programme_import_attendee on programme_import (attendee_id, created_at);
create index programme_import_event on programme_import (event_id);
create index programme_import_expires on programme_import (expires_at);

-- Which field a column with this heading was, the last time somebody of the organisation said so.
create table import_column (
  organisation_id uuid not null references organisation on delete cascade,
  -- Folded (foldHeading).
  heading text not null constraint import_column_heading_in_bounds check (char_length(heading) between 1 and 200),
  -- Null: the column is not read.
  field text,
  primary key (organisation_id, heading)
);
