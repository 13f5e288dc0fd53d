-- Copies each row that an earlier build writes to role_change while this build is installed. A later release drops both.
create or replace function role_change_copy() returns trigger language plpgsql as $$
declare
  v_role jsonb := jsonb_strip_nulls(jsonb_build_object('role', new.role, 'roomId', new.room_id));
  v_granted boolean := new.change = 'granted';
begin
  perform audit_log_write(
    case when v_granted then 'role-granted' else 'role-revoked' end, 'attendee', new.attendee_id,
    p_actor_id => new.changed_by,
    p_event_id => new.event_id,
    p_before => case when not v_granted then v_role end,
    p_after => case when v_granted then v_role end
  );
  return null;
end
$$;

create trigger role_change_copy after insert on role_change for each row execute function role_change_copy();
