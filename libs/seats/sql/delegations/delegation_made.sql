-- Writes the summary for the delegate. Runs at the commit, because seats_claim_together deletes a delegation that has no registrations.
create or replace function delegation_made() returns trigger language plpgsql as $$
begin
  insert into outbox (kind, attendee_id, delegation_id, cafe_id, event_id)
  select 'delegation-summary', d.attendee_id, d.id, d.cafe_id, s.event_id
  from delegation d join cafe_seats s on s.cafe_id = d.cafe_id where d.id = new.id;
  return null;
end
$$;

create constraint trigger delegation_made after insert on delegation deferrable initially deferred
for each row execute function delegation_made();
