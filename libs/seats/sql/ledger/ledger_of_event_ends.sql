-- Deletes the ledger of a deleted event. No other rule deletes from the ledger, because the audit replays it from its beginning
-- (docs/operations.md).
create or replace function ledger_of_event_ends() returns trigger language plpgsql as $$
begin
  delete from seat_event e where e.event_id = old.id;
  delete from seat_event_made m where m.event_id = old.id;
  return null;
end
$$;

create trigger ledger_of_event_ends after delete on event for each row execute function ledger_of_event_ends();
