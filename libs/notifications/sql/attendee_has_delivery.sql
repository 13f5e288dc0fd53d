-- Whether a delivery of a message to an attendee is recorded, sent or not.
create or replace function attendee_has_delivery(p_attendee_id uuid) returns boolean language sql stable as $$
  select exists (select from email_delivery d where d.attendee_id = p_attendee_id)
$$;
