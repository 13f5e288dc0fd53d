-- Returns those of these Cafés that have a registration, active or ended. Called by libs/programme before it deletes a Café.
create or replace function cafes_with_registrations(p_cafe_ids uuid[]) returns uuid[] language sql stable as $$
  select coalesce(array_agg(distinct r.cafe_id), '{}') from registration r where r.cafe_id = any (p_cafe_ids)
$$;
