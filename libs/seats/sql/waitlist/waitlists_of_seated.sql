-- Returns the Cafés, of any event, in whose waitlists the attendees with a seat in this Café are.
create or replace function waitlists_of_seated(p_cafe_id uuid) returns uuid[] language sql as $$
  select array(
    select distinct w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
    where r.cafe_id = p_cafe_id and r.status in ('offered', 'confirmed') and w.status = 'waitlisted' and not w.guest
  )
$$;
