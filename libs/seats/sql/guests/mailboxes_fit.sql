-- Returns whether one more seat may be held for each of these mailboxes. A mailbox that is listed twice needs two seats. `p_not_counted` has
-- one mailbox for each seat that the calling function holds and that the table does not count yet. Locks the mailboxes until the end of the
-- transaction.
create or replace function mailboxes_fit(p_mailboxes text[], p_not_counted text[]) returns boolean language plpgsql
set enable_seqscan = off set enable_nestloop = on
as $$
begin
  perform mailboxes_lock(p_mailboxes);
  return not exists (
    select from unnest(p_mailboxes) as m (mailbox) join mailbox_hold h on h.mailbox = m.mailbox
    group by h.mailbox, h.held
    having h.held + count(*) + coalesce(cardinality(array_positions(p_not_counted, h.mailbox)), 0) > mailbox_holds_max()
  );
end
$$;
