-- The organisation of an event; null when the event does not exist.
create or replace function organisation_of_event(p_event_id uuid) returns uuid language sql stable as $$
  select organisation_id from event where id = p_event_id
$$;
