-- Who changed what, when, from what to what. Owner: libs/audit-log. A row has no foreign keys, because it outlives its attendee, event and organisation.
create table audit_log (
  -- Grows with time: entries are listed in its order.
  id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  -- The attendee who made the change. Null: the command line, or the installation itself.
  actor_id uuid,
  -- Null: the change concerns the installation.
  organisation_id uuid,
  event_id uuid,
  -- A value of `AuditWhat` (libs/contract).
  what text not null,
  subject_kind text not null,
  subject_id uuid,
  -- A name of the subject as it was then. Empty for an attendee, whose name is read from `attendee`.
  label text not null default '',
  -- The fields that changed, as objects. Null: there was nothing before, or there is nothing after.
  before jsonb,
  after jsonb,
  -- What the person who made the change wrote as its reason.
  reason text
);

create index audit_log_organisation on audit_log (organisation_id, id);
create index audit_log_event on audit_log (event_id, id);
create index audit_log_subject on audit_log (subject_id, id);
create index audit_log_actor on audit_log (actor_id);

-- The history of roles so far. The earlier build still writes `role_change` while it runs; the trigger `role_change_copy` copies its rows. A later release
-- drops that table.
insert into audit_log (id, at, actor_id, organisation_id, event_id, what, subject_kind, subject_id, before, after)
select c.id, c.at, c.changed_by, e.organisation_id, c.event_id,
  case c.change when 'granted' then 'role-granted' else 'role-revoked' end, 'attendee', c.attendee_id,
  case c.change when 'revoked' then r.role end, case c.change when 'granted' then r.role end
from role_change c
left join event e on e.id = c.event_id
cross join lateral (
  select jsonb_strip_nulls(jsonb_build_object('role', c.role, 'roomId', c.room_id)) as role
) r;
