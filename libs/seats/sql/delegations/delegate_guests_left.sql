-- Returns how many more guest registrations a delegate may make in the event of a Café. Locks the delegate until the end of the
-- transaction, so that two calls do not count at the same time.
create or replace function delegate_guests_left(p_cafe_id uuid, p_delegate_id uuid) returns integer language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('delegate ' || p_delegate_id::text, 0));
  return greatest(0, delegate_guests_max() - (
    select count(*)::integer
    from delegation d
    join cafe c on c.id = d.cafe_id and c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id)
    join registration r on r.delegation_id = d.id and r.guest and r.status in ('held', 'waitlisted')
    where d.attendee_id = p_delegate_id
  ));
end
$$;
