-- How long a mailbox waits for its next mail with a code after so many in an hour.
create or replace function sign_in_pause(p_mails integer) returns interval language sql immutable as $$
  select coalesce(
    (array['0', '0', '30 seconds', '1 minute', '2 minutes', '4 minutes', '8 minutes']::interval[])[p_mails + 1],
    '8 minutes'
  )
$$;
