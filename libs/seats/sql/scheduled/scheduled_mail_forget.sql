-- Retention of scheduled_mail: deletes rows of 90 days ago or earlier, `p_max` at most. Returns how many. A reminder is not written after
-- the start of its Café, nor thanks seven days after their event, so an old row keeps nothing from being written twice.
create or replace function scheduled_mail_forget(p_max integer) returns integer language sql as $$
  with forgotten as (
    delete from scheduled_mail m where m.ctid = any (array(
      select o.ctid from scheduled_mail o where o.about_at < now() - interval '90 days' limit p_max for update skip locked
    ))
    returning 1
  )
  select count(*)::integer from forgotten
$$;
