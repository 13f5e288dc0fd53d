-- Stores the recipient of messages that remove a seat of an attendee from a calendar and are not sent yet. Called when the attendee is
-- erased, in the same transaction and before the registrations are deleted (docs/adr/0032).
create or replace function mail_recipient_keep(p_attendee_id uuid, p_name text, p_email text, p_locale text)
returns void language sql as $$
  insert into mail_recipient (outbox_id, name, email, locale, cafe_id, sequence)
  select o.id, p_name, p_email, p_locale, c.cafe_id, c.version
  from (
    -- Two statements, so that each reads its partial index.
    select w.id, w.attendee_id, w.kind, w.done_at, w.registration_id from outbox w where w.queued_at is null
    union all
    select q.id, q.attendee_id, q.kind, q.done_at, q.registration_id from outbox q where q.done_at is null and q.queued_at is not null
  ) o
  cross join lateral registration_in_calendar(o.registration_id) c
  where o.attendee_id = p_attendee_id and o.kind = 'cancelled' and o.done_at is null
  on conflict do nothing
$$;
