-- Increments the version of an event that changed.
create or replace function event_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;

create trigger event_version before update on event
for each row when (old.* is distinct from new.*) execute function event_version();
