-- Give the free seats of these Cafés, one Café after the other, to those in line. Returns the registrations that moved up.
create or replace function seats_move_up(line_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  line_cafe_id uuid;
  moved_ids uuid[] := '{}';
begin
  foreach line_cafe_id in array line_cafe_ids loop
    if (select s.waitlisted > 0 and s.capacity > s.taken and s.state = 'open' from cafe_seats s where s.cafe_id = line_cafe_id) then
      moved_ids := moved_ids || seats_move_line_up(line_cafe_id);
    end if;
  end loop;
  return moved_ids;
end
$$;
