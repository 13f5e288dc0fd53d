-- The place for which mail was confirmed, in one row (docs/adr/0034). A copy of the database has the row of its original, and runs in another place.
create table installation (
  only_row boolean primary key default true check (only_row),
  place text not null,
  confirmed_at timestamptz not null default now()
);
