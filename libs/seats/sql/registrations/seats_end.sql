-- End registrations as `cancelled` or `expired` and move the lines up. Of those named, whatever is not active any more
-- (or, to expire, not over yet by this clock) is left as it is. Returns every registration that changed.
create or replace function seats_end(
  ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid
)
returns table (registration_id uuid, attendee_id uuid, cafe_id uuid) language plpgsql as $$
declare
  locked_cafe_ids uuid[];
  changed_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(ended_ids, '{}');
  changed_ids := seats_leave(ended_ids, ended_as, ended_cause, ended_by);
  if changed_ids is not null then
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (changed_ids);
end
$$;
