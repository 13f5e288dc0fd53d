-- Keeps role_change append-only, for the earlier build that still writes it.
create or replace function role_change_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'role_change is append-only';
end
$$;

create trigger role_change_is_append_only before update or delete or truncate on role_change
  for each statement execute function role_change_is_append_only();
