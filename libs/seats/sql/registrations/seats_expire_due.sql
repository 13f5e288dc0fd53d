-- Ends the registrations that have expired (seats_due). Returns every registration that changed.
create or replace function seats_expire_due(p_max integer)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language sql as $$
  select e.* from seats_end((select array_agg(d.id) from seats_due(p_max) as d (id)), 'expired', 'expiry', null) e
$$;
