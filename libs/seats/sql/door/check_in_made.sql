-- Sets `checked_in_at` of the registration of a new check-in. When another change undoes the check-in (`move`), that change inserts the row
-- after it changed the registration.
create or replace function check_in_made() returns trigger language plpgsql as $$
begin
  update registration r set
    checked_in_at = case when new.kind = 'in' then new.scanned_at end,
    cause = case when new.source = 'walk-in' then 'walk-in' else 'check-in' end::seat_cause, changed_by = new.recorded_by
  where r.id = new.registration_id and (r.checked_in_at is null) = (new.kind = 'in');
  return null;
end
$$;

create trigger check_in_made after insert on check_in for each row execute function check_in_made();
