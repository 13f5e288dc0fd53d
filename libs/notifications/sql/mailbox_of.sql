-- Returns the mailbox of an address: lower case, without dots and without the part after a plus, because many addresses reach one mailbox.
-- Limits count by mailbox. The rule is only here.
create or replace function mailbox_of(p_email text) returns text language sql immutable as $$
  select replace(split_part(split_part(lower(p_email), '@', 1), '+', 1), '.', '') || '@' || split_part(lower(p_email), '@', 2)
$$;
