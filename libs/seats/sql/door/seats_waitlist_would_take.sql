-- How many of the seats of these registrations the waitlist would take if they ended now. Runs the real functions in a subtransaction and
-- rolls it back, so the answer cannot differ from what would happen. The event is locked by the caller.
create or replace function seats_waitlist_would_take(p_cafe_id uuid, p_registration_ids uuid[]) returns integer language plpgsql as $$
declare
  v_free_before integer := seats_free(p_cafe_id);
  v_moved integer;
begin
  begin
    perform seats_leave(p_registration_ids, 'cancelled', 'no-show', null);
    v_moved := cardinality(seats_move_up(array[p_cafe_id]));
    raise exception 'rolled back on purpose' using errcode = 'CSEAT';
  exception when sqlstate 'CSEAT' then
    -- Rolled back; v_moved keeps its value.
    null;
  end;
  return greatest(v_moved - v_free_before, 0);
end
$$;
