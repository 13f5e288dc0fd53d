-- Counts a mail with the code of a guest registration in its mailbox, once. When the address is not proved (`p_share` is not null), also
-- counts it in the budget of its event. `fits`: whether the limit of the mailbox for this hour allows the mail; otherwise the mail is never
-- sent. `wait_seconds`: the mail must wait for the budget and is not counted.
create or replace function prove_mail_take(
  p_outbox_id uuid, p_email text, p_event_id uuid, p_share numeric, out fits boolean, out wait_seconds double precision
) language plpgsql as $$
declare
  v_mailed_at timestamptz[];
begin
  fits := true;
  if exists (select from email_delivery d where d.outbox_id = p_outbox_id and d.mailbox_at is not null) then
    return;
  end if;
  v_mailed_at := mailbox_mails_lock(p_email);
  if mailbox_full_until(v_mailed_at) is not null then
    fits := false;
    return;
  end if;
  if p_share is not null then
    wait_seconds := mail_budget_take(p_outbox_id, p_event_id, p_share);
    if wait_seconds is not null then
      return;
    end if;
  end if;
  perform mailbox_mails_add(p_email, v_mailed_at);
  update email_delivery set mailbox_at = now() where outbox_id = p_outbox_id;
end
$$;
