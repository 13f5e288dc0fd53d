-- The maximum number of mails with a code to one mailbox in an hour.
create or replace function mailbox_mails_max() returns integer language sql immutable as $$ select 6 $$;
