-- Returns the pending changes that are due, `p_max` at most, the longest overdue first.
create or replace function seats_changes_due(p_max integer) returns setof uuid language sql stable as $$
  select p.id from pending_change p where p.applies_at <= seats_now() order by p.applies_at, p.id limit p_max
$$;
