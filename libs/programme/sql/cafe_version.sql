-- Increments the version of a Café that changed.
create or replace function cafe_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end
$$;

create trigger cafe_version before update on cafe
for each row when (old.* is distinct from new.*) execute function cafe_version();
