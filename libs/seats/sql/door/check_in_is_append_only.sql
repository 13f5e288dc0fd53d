-- Keeps check_in append-only. Rows are deleted only with their registration.
create or replace function check_in_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'rows of check_in are only added';
end
$$;

create trigger check_in_is_append_only before update or delete on check_in
for each statement when (pg_trigger_depth() = 0) execute function check_in_is_append_only();
