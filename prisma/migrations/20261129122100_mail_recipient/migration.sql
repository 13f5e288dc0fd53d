-- Whom the last messages of an erased attendee go to. Owner: libs/notifications.

-- An attendee who erases their account gives their seats back, and each of these seats has a message that takes it out of their calendar.
-- The message is written after the attendee is gone, so what it needs is kept here until it is sent or given up, a day at most
-- (docs/adr/0032).
create table mail_recipient (
  outbox_id uuid primary key references outbox (id) on delete cascade,
  name text not null,
  email text not null,
  locale text not null,
  -- The Café of the seat, and the number by which calendars know that this message is the newest.
  cafe_id uuid not null,
  sequence bigint not null
);
