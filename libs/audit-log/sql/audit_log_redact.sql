-- Removes the name and address of an erased person from entries: the address wherever it was typed, the name from entries about the person.
create or replace function audit_log_redact(p_attendee_id uuid, p_email text, p_name text) returns void language plpgsql as $$
declare
  -- Characters with a meaning in regular expressions have a backslash before them.
  v_email text := regexp_replace(p_email, '([^[:alnum:]@_-])', '\\\1', 'g');
begin
  perform set_config('comptoir.audit_log_redaction', 'on', true);
  update audit_log set
    label = regexp_replace(case when subject_id = p_attendee_id then replace(label, p_name, '…') else label end, v_email, '…', 'gi'),
    reason = regexp_replace(case when subject_id = p_attendee_id then replace(reason, p_name, '…') else reason end, v_email, '…', 'gi'),
    before = audit_log_without(before, v_email, subject_id = p_attendee_id),
    after = audit_log_without(after, v_email, subject_id = p_attendee_id)
  where subject_id = p_attendee_id
    or strpos(lower(concat_ws(' ', label, reason, before, after)), lower(p_email)) > 0;
  perform set_config('comptoir.audit_log_redaction', 'off', true);
end
$$;
