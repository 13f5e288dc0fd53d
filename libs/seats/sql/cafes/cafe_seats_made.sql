-- Computes the room slots of new Cafés, and adds the Cafés to the ledger.
create or replace function cafe_seats_made() returns trigger language plpgsql as $$
begin
  perform room_slots_recompute((select array_agg(distinct c.room_id) from made m join cafe c on c.id = m.cafe_id));
  perform seat_event_of_cafe((select array_agg(m.cafe_id) from made m), 'organiser', null);
  return null;
end
$$;

create trigger cafe_seats_made after insert on cafe_seats
referencing new table as made for each statement execute function cafe_seats_made();
