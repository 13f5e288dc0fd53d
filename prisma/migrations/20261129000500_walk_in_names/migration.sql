-- What a host typed at the door, for the registrations that a walk-in made. Lists of the Café show it instead of the name and the
-- organisation that the attendee goes by, so that nobody learns them by typing an address.
create table walk_in_name (
  registration_id uuid primary key references registration (id) on delete cascade,
  name text not null,
  organisation text
);
