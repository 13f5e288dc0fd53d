-- Whether one more seat each may be held for these mailboxes (a mailbox may be named several times), with those that the caller
-- holds already and that are not counted yet. Locks their rows until the transaction ends: nobody else decides about them.
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
