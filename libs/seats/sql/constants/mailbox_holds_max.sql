-- The most seats that are held for one mailbox at a time. A constraint of mailbox_hold says so too.
create or replace function mailbox_holds_max() returns integer language sql immutable as $$ select 3 $$;
