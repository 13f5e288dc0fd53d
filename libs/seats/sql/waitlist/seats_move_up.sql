-- Gives the free seats of these Cafés, one Café after the other, to their waitlists. Returns the registrations that moved up.
create or replace function seats_move_up(p_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  v_cafe_id uuid;
  v_moved_ids uuid[] := '{}';
begin
  foreach v_cafe_id in array p_cafe_ids loop
    if (select s.waitlisted > 0 and s.capacity > s.taken and s.state = 'open' from cafe_seats s where s.cafe_id = v_cafe_id) then
      v_moved_ids := v_moved_ids || seats_move_waitlist_up(v_cafe_id);
    end if;
  end loop;
  return v_moved_ids;
end
$$;
