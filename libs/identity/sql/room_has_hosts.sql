-- Whether somebody has a role in a room. Called by libs/programme before it deletes a room, which would take the role away unrecorded.
create or replace function room_has_hosts(p_room_id uuid) returns boolean language sql stable as $$
  select exists (select from role_grant g where g.room_id = p_room_id)
$$;
