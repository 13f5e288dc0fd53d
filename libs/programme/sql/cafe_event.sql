-- The event of a Café; null for an unknown Café.
create or replace function cafe_event(p_cafe_id uuid) returns uuid language sql stable as $$
  select c.event_id from cafe c where c.id = p_cafe_id
$$;
