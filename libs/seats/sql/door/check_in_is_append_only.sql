-- Keeps check_in append-only. A row is deleted only together with its registration.
create or replace function check_in_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'rows of check_in are only added';
end
$$;

create trigger check_in_is_append_only before update or delete on check_in
for each statement when (pg_trigger_depth() = 0) execute function check_in_is_append_only();
