-- A walk-in may have no address (docs/adr/0041). Such an attendee gets no message and never signs in. The unique constraint of `email` lets
-- any number of them exist. Owner: libs/identity.
alter table attendee alter column email drop not null;
alter table attendee add constraint attendee_proved_has_address check (email is not null or email_proved_at is null);

-- Finds those of some attendees who have no address: every change of a registration asks this before it writes a message.
create index attendee_without_address on attendee (id) where email is null;
