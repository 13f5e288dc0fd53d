-- Returns how many seats the waitlist would take if these registrations ended now. Runs the real functions in a
-- subtransaction and rolls it back, so that the answer cannot differ from the real change. The caller has locked the event.
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
    -- The changes are rolled back; the variable v_moved keeps its value.
    null;
  end;
  return greatest(v_moved - v_free_before, 0);
end
$$;
