-- Gives these Cafés, in which nobody has a seat or waits, another state: an event is published or becomes a draft. Their counts are locked
-- by the caller. Called by libs/programme.
create or replace function seats_set_states(p_cafe_ids uuid[], p_state cafe_state, p_by uuid) returns void language plpgsql as $$
begin
  update cafe_seats s set state = p_state, version = s.version + 1, settings_version = s.settings_version + 1
  where s.cafe_id = any (p_cafe_ids) and s.taken = 0 and s.waitlisted = 0;
  perform seat_event_of_cafe(p_cafe_ids, 'organiser', p_by);
end
$$;
