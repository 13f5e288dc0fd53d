-- The mailbox of an address: lower case, without dots and without what follows a plus, because many addresses reach one mailbox. Only for
-- counting. This is the only place that says so.
create or replace function mailbox_of(p_email text) returns text language sql immutable as $$
  select replace(split_part(split_part(lower(p_email), '@', 1), '+', 1), '.', '') || '@' || split_part(lower(p_email), '@', 2)
$$;
