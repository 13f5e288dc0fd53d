-- Locks a Café for a change by an organiser, and returns its settings and counts; no row for an unknown Café. `p_whole_event`: also all
-- other Cafés of its event, for a change of seats; `p_frees_seats`: as in seats_lock_event. Called by libs/programme.
create or replace function seats_lock_cafe(p_cafe_id uuid, p_whole_event boolean, p_frees_seats boolean)
returns table (
  capacity integer, target_capacity integer, state cafe_state, waitlist_open boolean, taken integer, waitlisted integer,
  settings_version bigint
) language plpgsql as $$
begin
  if p_whole_event then
    perform seats_lock_event(p_cafe_id, p_frees_seats);
  else
    perform 1 from cafe_seats s where s.cafe_id = p_cafe_id for update;
  end if;
  perform 1 from cafe c where c.id = p_cafe_id for no key update;
  return query
    select s.capacity, s.target_capacity, s.state, s.waitlist_open, s.taken, s.waitlisted, s.settings_version
    from cafe_seats s where s.cafe_id = p_cafe_id;
end
$$;
