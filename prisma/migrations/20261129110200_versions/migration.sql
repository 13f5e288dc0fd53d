-- Versions of what a programme says, for caches, pages that follow, and If-Match. Owner: libs/programme.

-- Grows with every change of the event, its rooms and its Cafés (event_version, programme_version). Not with seats: those have cafe_seats.version.
alter table event add column version bigint not null default 1;
-- Grows with every change of this row (cafe_version).
alter table cafe add column version bigint not null default 1;
