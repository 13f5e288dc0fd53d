-- Returns the time until which a mailbox gets no more mails with a code, from the times of its mails of the last hour (oldest first). Null:
-- it may get one.
create or replace function mailbox_full_until(p_mailed_at timestamptz[]) returns timestamptz language sql immutable as $$
  select p_mailed_at[cardinality(p_mailed_at) - mailbox_mails_max() + 1] + interval '1 hour'
$$;
