-- Undo a check-in. The seat can be swapped again, so the lines in which the person waits may move. Returns every
-- registration changed; null when there was nothing to undo.
create or replace function seats_undo_check_in(undone_registration_id uuid, undoing_attendee_id uuid)
returns uuid[] language plpgsql as $$
declare
  locked_cafe_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(array[undone_registration_id], '{}');
  update registration r set checked_in_at = null, cause = 'check-in', changed_by = undoing_attendee_id
  where r.id = undone_registration_id and r.checked_in_at is not null;
  if not found then
    return null;
  end if;
  perform pg_notify('outbox', '');
  return undone_registration_id || seats_move_up(locked_cafe_ids);
end
$$;
