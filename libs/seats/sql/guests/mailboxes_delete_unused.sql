-- Deletes the rows of these mailboxes whose count is 0.
create or replace function mailboxes_delete_unused(p_mailboxes text[]) returns void language sql as $$
  delete from mailbox_hold h where h.mailbox = any (p_mailboxes) and h.held = 0
$$;
