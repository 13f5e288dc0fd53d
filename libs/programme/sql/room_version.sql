-- Bumps the version of a room that changed.
create or replace function room_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;

create trigger room_version before update on room
for each row when (old.* is distinct from new.*) execute function room_version();
