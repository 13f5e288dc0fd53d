-- Whether an attendee gave back, declined or swapped away what this delegate took for them in the event of a Café.
create or replace function delegate_is_refused(p_cafe_id uuid, p_delegate_id uuid, p_attendee_id uuid) returns boolean language sql stable as $$
  select p_attendee_id <> p_delegate_id and exists (
    select from registration r
    join delegation d on d.id = r.delegation_id and d.attendee_id = p_delegate_id
    join cafe c on c.id = r.cafe_id and c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id)
    where r.attendee_id = p_attendee_id and r.status in ('cancelled', 'expired') and r.cause in ('attendee', 'declined', 'swap')
  )
$$;
