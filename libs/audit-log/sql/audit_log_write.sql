-- Adds an entry to the audit log, in the caller's transaction, and returns its id. The organisation of an entry about an event is that of the event.
create or replace function audit_log_write(
  p_what text,
  p_subject_kind text,
  p_subject_id uuid,
  p_actor_id uuid default null,
  p_organisation_id uuid default null,
  p_event_id uuid default null,
  p_label text default '',
  p_before jsonb default null,
  p_after jsonb default null,
  p_reason text default null
) returns uuid language sql as $$
  insert into audit_log (what, subject_kind, subject_id, actor_id, organisation_id, event_id, label, before, after, reason)
  values (
    p_what, p_subject_kind, p_subject_id, p_actor_id, coalesce(p_organisation_id, organisation_of_event(p_event_id)), p_event_id,
    coalesce(p_label, ''), p_before, p_after, p_reason
  )
  returning id
$$;
