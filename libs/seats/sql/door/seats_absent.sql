-- Returns those of these registrations, in the same order, that are confirmed in the Café and not checked in.
create or replace function seats_absent(p_cafe_id uuid, p_registration_ids uuid[]) returns uuid[] language sql stable as $$
  select coalesce(array_agg(r.id order by i.place), '{}')
  from unnest(p_registration_ids) with ordinality as i (id, place)
  join registration r on r.id = i.id
  where r.cafe_id = p_cafe_id and r.status = 'confirmed' and r.checked_in_at is null
$$;
