-- The mailbox of an address, for counting alone: many addresses reach one mailbox. This is the only place that says which.
create or replace function mailbox_of(p_email text) returns text language sql immutable as $$
  select replace(split_part(split_part(lower(p_email), '@', 1), '+', 1), '.', '') || '@' || split_part(lower(p_email), '@', 2)
$$;
