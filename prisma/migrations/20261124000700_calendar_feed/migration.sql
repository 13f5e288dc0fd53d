-- The private address that a person's calendar follows. Owner: libs/people.

-- Whose feed it is; the address holds this id, sealed with the secret of the installation. Another id ends the address, null all of them.
alter table attendee add column calendar_feed_id uuid;
-- Whose feed a calendar asks for. Only of those who have one, so that a new attendee pays for no entry.
create unique index attendee_calendar_feed on attendee (calendar_feed_id) where calendar_feed_id is not null;
