-- Returns whether an attendee has a role in a room. libs/programme calls it before it deletes a room, because the deletion would remove the
-- role without a record.
create or replace function room_has_hosts(p_room_id uuid) returns boolean language sql stable as $$
  select exists (select from role_grant g where g.room_id = p_room_id)
$$;
