-- How many registrations an event ever had, active or ended. Called by libs/programme before it deletes an event.
create or replace function seats_registrations_of(p_event_id uuid) returns integer language sql stable as $$
  select count(*)::integer from registration r join cafe c on c.id = r.cafe_id where c.event_id = p_event_id
$$;
