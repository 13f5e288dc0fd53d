-- Refuses to delete an attendee or a Café that has active registrations. The engine must end these registrations first, so that the counts
-- stay right and the waitlist moves up. Ended registrations are deleted together with the row. The table lock waits for claims that are
-- being decided, and later claims wait until the row is deleted.
create or replace function registration_ends_first() returns trigger language plpgsql as $$
begin
  lock table registration in share row exclusive mode;
  if tg_table_name = 'attendee' then
    delete from registration r where r.attendee_id = old.id and r.status in ('cancelled', 'expired');
    delete from attendee_day where attendee_id = old.id and busy_minutes = 0;
    if exists (select from attendee_day d where d.attendee_id = old.id)
      or exists (
        select from registration r
        where r.attendee_id = old.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
      )
      or exists (
        select from registration r where r.attendee_id = old.id and r.status in ('held', 'waitlisted') and r.guest
      )
    then
      raise exception 'this attendee has a seat or waits for one' using errcode = 'foreign_key_violation';
    end if;
  else
    if exists (select from cafe_seats s where s.cafe_id = old.id and s.taken + s.waitlisted > 0) then
      raise exception 'this Café has registrations' using errcode = 'foreign_key_violation';
    end if;
    delete from registration where cafe_id = old.id;
  end if;
  return old;
end
$$;

create trigger registration_ends_first before delete on attendee for each row execute function registration_ends_first();

create trigger registration_ends_first before delete on cafe for each row execute function registration_ends_first();
