-- The pause before the next mail with a code to a mailbox, by the number of its mails in the last hour.
create or replace function sign_in_pause(p_mails integer) returns interval language sql immutable as $$
  select coalesce(
    (array['0', '0', '30 seconds', '1 minute', '2 minutes', '4 minutes', '8 minutes']::interval[])[p_mails + 1],
    '8 minutes'
  )
$$;
