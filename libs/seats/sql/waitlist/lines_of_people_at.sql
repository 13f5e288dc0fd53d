-- Where those with a seat at a Café wait, at whatever event.
create or replace function lines_of_people_at(asked_cafe_id uuid) returns uuid[] language sql as $$
  select array(
    select distinct w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
    where r.cafe_id = asked_cafe_id and r.status in ('offered', 'confirmed') and w.status = 'waitlisted' and not w.guest
  )
$$;
