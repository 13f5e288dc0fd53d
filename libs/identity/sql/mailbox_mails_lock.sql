-- Returns the times of the mails with a code of the last hour to the mailbox of an address, oldest first. Locks the row of the mailbox
-- until the end of the transaction, so that transactions count mails one after another.
create or replace function mailbox_mails_lock(p_email text) returns timestamptz[] language plpgsql as $$
declare
  v_mailed_at timestamptz[];
begin
  insert into sign_in_mails as m (mailbox) values (mailbox_of(p_email))
  on conflict (mailbox) do update set mailbox = excluded.mailbox
  returning m.mailed_at into v_mailed_at;
  return array(select mailed from unnest(v_mailed_at) mailed where mailed > clock_timestamp() - interval '1 hour' order by mailed);
end
$$;
