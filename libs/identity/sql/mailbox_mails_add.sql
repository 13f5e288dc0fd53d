-- Records one more mail to the mailbox of an address. `p_mailed_at`: the result of mailbox_mails_lock in this transaction.
create or replace function mailbox_mails_add(p_email text, p_mailed_at timestamptz[]) returns void language sql as $$
  update sign_in_mails set mailed_at = p_mailed_at || clock_timestamp() where mailbox = mailbox_of(p_email)
$$;
