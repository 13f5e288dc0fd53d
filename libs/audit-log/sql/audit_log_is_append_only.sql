-- Keeps audit_log append-only. `audit_log_redact` alone changes rows: it removes the name and address of an erased person.
create or replace function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('comptoir.audit_log_redaction', true) = 'on' then
    return null;
  end if;
  raise exception 'rows of audit_log are only added';
end
$$;

create trigger audit_log_is_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_is_append_only();
