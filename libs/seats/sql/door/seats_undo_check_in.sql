-- Undoes a check-in. The seat can be swapped again, so the waitlists of the attendee may move up. An attendee without an address loses the
-- seat: they cannot sign in, so nobody else could give it back. Returns every registration that changed; null when there was nothing to undo.
create or replace function seats_undo_check_in(p_registration_id uuid, p_by uuid)
returns uuid[] language plpgsql as $$
declare
  v_locked_cafe_ids uuid[];
begin
  v_locked_cafe_ids := seats_lock_around(array[p_registration_id], '{}');
  if not exists (select from registration r where r.id = p_registration_id and r.checked_in_at is not null) then
    return null;
  end if;
  perform check_in_record(p_registration_id, 'undone', 'list', p_by);
  if exists (
    select from registration r join attendee a on a.id = r.attendee_id where r.id = p_registration_id and a.email is null
  ) then
    perform seats_leave(array[p_registration_id], 'cancelled', 'organiser', p_by);
  end if;
  perform pg_notify('outbox', '');
  return p_registration_id || seats_move_up(v_locked_cafe_ids);
end
$$;
