-- Returns the positions of the claims whose attendee has an open guest registration in the Café and no own registration there.
create or replace function guest_places(p_cafe_ids uuid[], p_attendee_ids uuid[]) returns integer[] language sql stable as $$
  select array_agg(i.place::integer)
  from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  join registration g on g.attendee_id = i.attendee_id and g.cafe_id = i.cafe_id and g.status in ('held', 'waitlisted') and g.guest
  join cafe_seats s on s.cafe_id = g.cafe_id
  where s.state <> 'draft' and guest_registration_is_open(g) and not exists (
    select from registration own
    where own.attendee_id = i.attendee_id and own.cafe_id = i.cafe_id
      and own.status in ('held', 'offered', 'confirmed', 'waitlisted') and not own.guest
  )
$$;
