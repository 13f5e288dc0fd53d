-- The most seats that may be held for one mailbox at the same time. The constraint mailbox_hold_within_limit has the same value.
create or replace function mailbox_holds_max() returns integer language sql immutable as $$ select 3 $$;
