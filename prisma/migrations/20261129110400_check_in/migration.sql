-- Who came, and when, by which device. Owner: libs/seats.

create type check_in_kind as enum ('in', 'undone');
-- How the door learned it: a scanned ticket, the host's list, a walk-in; or what undid it: the move of a Café. `earlier`: recorded before this table.
create type check_in_source as enum ('scan', 'list', 'walk-in', 'move', 'earlier');

-- Append-only. The last row of a confirmed registration decides its `checked_in_at` (check_in_made); the counts follow from that.
create table check_in (
  -- In the order of commits of a Café, because its row in cafe_seats is locked.
  id bigint generated always as identity primary key,
  registration_id uuid not null references registration on delete cascade,
  cafe_id uuid not null,
  event_id uuid not null,
  kind check_in_kind not null,
  -- When the attendee came, by the clock of the device that scanned.
  scanned_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  source check_in_source not null,
  device text,
  -- The id that the device gave: a row that is sent twice is recorded once.
  client_id uuid unique,
  -- The host or organiser. Null: nobody, of `move` and `earlier`.
  recorded_by uuid
);

-- The rows of a registration in their order.
create index check_in_registration on check_in (registration_id, id);
-- The rows of an event.
create index check_in_event on check_in (event_id, id);

insert into check_in (registration_id, cafe_id, event_id, kind, scanned_at, source)
select r.id, r.cafe_id, c.event_id, 'in', r.checked_in_at, 'earlier'
from registration r join cafe c on c.id = r.cafe_id
where r.checked_in_at is not null order by r.checked_in_at;
