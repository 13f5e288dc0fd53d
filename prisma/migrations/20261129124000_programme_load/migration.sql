-- The programme that an event was loaded with last: what a later file and the database are compared with. Owner: libs/programme.

create table programme_load (
  event_id uuid primary key references event on delete cascade,
  -- A ProgrammeDocument. What its file left out has the value that the load left in the database.
  document jsonb not null,
  loaded_at timestamptz not null default now()
);
