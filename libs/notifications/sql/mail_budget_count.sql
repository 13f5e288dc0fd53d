-- Counts messages in the budget of this hour, of the event or (null) of all events. The budget is mail_budget_least, or
-- mail_budget_per_seat for each seat of the open Cafés if that is more. `p_share`: the part of the budget that the messages may use. With
-- `p_messages` 0, only checks whether there is budget left. Safe to call from any number of processes, because the row of the hour is
-- updated by one of them at a time. Returns null when the messages are counted; otherwise the seconds until the next hour.
create or replace function mail_budget_count(p_event_id uuid, p_share numeric, p_messages integer) returns double precision language plpgsql as $$
declare
  v_hour constant timestamptz := date_trunc('hour', now(), 'UTC');
  v_messages_max constant integer := greatest(mail_budget_least(), mail_budget_per_seat() * seats_open_capacity(p_event_id)) * p_share;
  v_messages integer;
begin
  insert into mail_budget as b (subject_id, hour, messages)
  values (coalesce(p_event_id, '00000000-0000-0000-0000-000000000000'), v_hour, p_messages)
  on conflict (subject_id, hour) do update set messages = b.messages + p_messages where b.messages < v_messages_max
  returning b.messages into v_messages;
  if v_messages is null then
    return extract(epoch from v_hour + interval '1 hour' - now());
  end if;
  if v_messages = 1 then
    delete from mail_budget b where b.hour < v_hour - interval '2 days';
  end if;
  return null;
end
$$;
