-- The ledger by event: a row never mixes events, so the rows of one event can be deleted, or partitioned. Owner: libs/seats.

-- The event of the Café, so that a claim reads it from the row that it locks.
alter table cafe add constraint cafe_id_event_id_key unique (id, event_id);
alter table cafe_seats add column event_id uuid;
update cafe_seats s set event_id = c.event_id from cafe c where c.id = s.cafe_id;
alter table cafe_seats alter column event_id set not null;
alter table cafe_seats add constraint cafe_seats_event_is_of_its_cafe
  foreign key (cafe_id, event_id) references cafe (id, event_id) on update cascade on delete cascade;

-- Null: the Café was deleted before this migration.
alter table seat_event add column event_id uuid;
update seat_event e set event_id = c.event_id from cafe c where c.id = e.cafe_id;
alter table seat_event_made add column event_id uuid;

-- One row for each event of a row, with the registrations of that event in their order. The id stays that of the first registration.
with split as (
  delete from seat_event_made returning *
),
one as (
  select s.at, s.status, s.cause, s.changed_by, s.expires_at, s.overlapping, c.event_id, m.*
  from split s
  cross join lateral unnest(s.cafe_ids, s.versions, s.registration_ids, s.attendee_ids, s.waitlist_numbers) with ordinality
    as m (cafe_id, version, registration_id, attendee_id, waitlist_number, place)
  left join cafe c on c.id = m.cafe_id
)
insert into seat_event_made (
  at, id, status, cause, changed_by, cafe_ids, versions, registration_ids, attendee_ids, waitlist_numbers, expires_at, overlapping, event_id
)
select
  o.at, (array_agg(o.registration_id order by o.place))[1], o.status, o.cause, o.changed_by, array_agg(o.cafe_id order by o.place),
  array_agg(o.version order by o.place), array_agg(o.registration_id order by o.place), array_agg(o.attendee_id order by o.place),
  case when o.status = 'waitlisted' then array_agg(o.waitlist_number order by o.place) else '{}' end,
  o.expires_at, o.overlapping, o.event_id
from one o
group by o.at, o.status, o.cause, o.changed_by, o.expires_at, o.overlapping, o.event_id;

create index seat_event_event on seat_event (event_id);
create index seat_event_made_event on seat_event_made (event_id);
-- The rows about one registration (seat_ledger_of). Without a pending list, which every read would scan.
create index seat_event_registrations on seat_event using gin (registration_ids) with (fastupdate = off);

-- The registrations of a Café, ended ones too: dashboards, audit and recounts. Replaces the index of its active ones, so a claim writes as many entries.
create index registration_cafe on registration (cafe_id);
drop index registration_seated;
