-- Increments the versions of an event that changed: `version` also when its rooms or Cafés changed (programme_version), `facts_version` only
-- when the event itself changed.
create or replace function event_version() returns trigger language plpgsql as $$
begin
  if to_jsonb(old) - array['version', 'facts_version'] is distinct from to_jsonb(new) - array['version', 'facts_version'] then
    new.facts_version := old.facts_version + 1;
  end if;
  new.version := old.version + 1;
  return new;
end
$$;

create trigger event_version before update on event
for each row when (old.* is distinct from new.*) execute function event_version();
