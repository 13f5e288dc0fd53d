-- Locks the rows of these mailboxes, and inserts the missing ones. The caller deletes the rows whose count is still 0 (mailboxes_delete_unused).
create or replace function mailboxes_lock(p_mailboxes text[]) returns void language sql as $$
  insert into mailbox_hold as mine (mailbox, held)
  select distinct m.mailbox, 0 from unnest(p_mailboxes) as m (mailbox) where m.mailbox is not null order by m.mailbox
  on conflict (mailbox) do update set held = mine.held
$$;
