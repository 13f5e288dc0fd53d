-- Locks all registrations against changes until the end of the transaction, as the deletion of an attendee does (trigger
-- registration_ends_first). Called before any row of an attendee is locked, so that claims wait for this transaction, or are visible to it.
create or replace function registrations_lock() returns void language plpgsql as $$
begin
  lock table registration in share row exclusive mode;
end
$$;
