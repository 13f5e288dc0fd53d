-- Who granted and revoked roles. Owner: libs/people.

create type role_change_kind as enum ('granted', 'revoked');

-- One row for each role that was granted or revoked, written in the same statement as the change of role_grant. Rows are only added. It has
-- no foreign keys: a row outlives its attendee, its room and its event. There are a few rows for each event, so none is deleted.
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

create function role_change_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'rows of role_change are only added';
end
$$;

create trigger role_change_is_append_only before update or delete or truncate on role_change
  for each statement execute function role_change_is_append_only();
