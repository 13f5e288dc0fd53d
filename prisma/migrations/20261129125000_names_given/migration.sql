-- False while a name is made from the address. The rule is that of `nameFrom` in libs/identity/src/attendees.ts.
alter table attendee add column name_given boolean not null default true;

update attendee
set name_given = false
where email_proved_at is not null
  and name = btrim(regexp_replace(regexp_replace(split_part(email, '@', 1), '\+.*$', ''), '[._-]+', ' ', 'g'));
