-- An organisation above its events, and roles without an event. Owners: libs/programme (organisation), libs/identity (roles).

create table organisation (
  id uuid primary key default uuidv7(),
  slug text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

-- The organisation of every event that names none.
insert into organisation (id, slug, name) values ('00000000-0000-7000-8000-000000000001', 'default', 'Comptoir');

alter table event add column organisation_id uuid not null default '00000000-0000-7000-8000-000000000001' references organisation;
create index event_organisation on event (organisation_id);

-- An owner acts for the installation and has no event; an organiser has an event, a host a room of it.
alter table role_grant alter column event_id drop not null;
alter table role_grant drop constraint role_grant_has_its_scope;
alter table role_grant add constraint role_grant_has_its_scope check (
  (role = 'owner') = (event_id is null) and (role = 'host') = (room_id is not null)
);
alter table role_change alter column event_id drop not null;
alter table role_change drop constraint role_change_has_its_scope;
alter table role_change add constraint role_change_has_its_scope check (
  (role = 'owner') = (event_id is null) and (role = 'host') = (room_id is not null)
);
