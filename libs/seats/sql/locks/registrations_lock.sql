-- Locks all registrations against changes until the end of the transaction, as the deletion of an attendee does (trigger
-- registration_ends_first). Called before a row of an attendee is locked: a claim then waits for this transaction, or this transaction sees
-- its registrations.
create or replace function registrations_lock() returns void language plpgsql as $$
begin
  lock table registration in share row exclusive mode;
end
$$;
