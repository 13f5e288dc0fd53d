-- What organisers set of a Café gets a version, as its texts have one. Owner: libs/seats.

-- Grows each time an organiser changes the capacity, the target capacity, the state or the waitlist. Not with seats: those have `version`.
alter table cafe_seats add column settings_version bigint not null default 0;
