-- Counts a message of the outbox in the budget of this hour. A message is counted once. Returns null when it is counted, now or before;
-- otherwise the seconds until the next hour.
create or replace function mail_budget_take(p_outbox_id uuid, p_event_id uuid, p_share numeric) returns double precision language plpgsql as $$
declare
  v_seconds double precision;
begin
  if exists (select from email_delivery d where d.outbox_id = p_outbox_id and d.budget_hour is not null) then
    return null;
  end if;
  v_seconds := mail_budget_count(p_event_id, p_share, 1);
  if v_seconds is null then
    update email_delivery set budget_hour = date_trunc('hour', now(), 'UTC') where outbox_id = p_outbox_id;
  end if;
  return v_seconds;
end
$$;
