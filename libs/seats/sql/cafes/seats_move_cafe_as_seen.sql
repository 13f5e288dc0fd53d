-- Move a Café as seats_move_cafe does; refused with `counts-changed` where another number of seats is taken than the caller saw, because
-- others would be cancelled than was said.
create or replace function seats_move_cafe_as_seen(
  p_cafe_id uuid, p_room_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_capacity integer, p_clash_decision text,
  p_cancel_excess boolean, p_by uuid, p_expected_taken integer
)
returns table (outcome text, taken integer, room_capacity integer, registration_ids uuid[]) language plpgsql as $$
begin
  perform seats_lock_event(p_cafe_id, true);
  select s.taken into taken from cafe_seats s where s.cafe_id = p_cafe_id;
  if p_expected_taken <> taken then
    outcome := 'counts-changed';
    return next;
    return;
  end if;
  return query select m.* from seats_move_cafe(
    p_cafe_id, p_room_id, p_starts_at, p_ends_at, p_capacity, p_clash_decision, p_cancel_excess, p_by
  ) m;
end
$$;
