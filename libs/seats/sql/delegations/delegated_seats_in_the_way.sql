-- Returns the registrations of an attendee that overlap a Café, when a delegate took all of them and the attendee never acted on one;
-- otherwise null.
create or replace function delegated_seats_in_the_way(p_attendee_id uuid, p_cafe_id uuid) returns uuid[] language sql stable as $$
  select case when bool_and(
    o.status = 'confirmed' and o.checked_in_at is null and d.id is not null and d.attendee_id is distinct from p_attendee_id
    and not exists (select from seat_ledger_of(o.id) l where l.cause in ('proof', 'acceptance', 'swap'))
  ) then array_agg(o.id order by o.id) end
  from cafe c cross join lateral seats_in_the_way(p_attendee_id, c.starts_at, c.ends_at) o
  left join delegation d on d.id = o.delegation_id
  where c.id = p_cafe_id
$$;
