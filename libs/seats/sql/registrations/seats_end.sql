-- Ends registrations as `cancelled` or `expired`, and moves the waitlists up. A registration that is not active does not change; with
-- `expired`, neither does one that has not expired by the clock of the database. Returns every registration that changed.
create or replace function seats_end(
  p_registration_ids uuid[], p_status registration_status, p_cause seat_cause, p_by uuid
)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
  v_changed_ids uuid[];
begin
  v_locked_cafe_ids := seats_lock_around(p_registration_ids, '{}');
  v_changed_ids := seats_leave(p_registration_ids, p_status, p_cause, p_by);
  if v_changed_ids is not null then
    v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$$;
