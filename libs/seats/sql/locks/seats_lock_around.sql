-- Locks the Cafés around these registrations (cafes_around), the room slots that these Cafés share, and the registrations. Returns the
-- Cafés in the order of cafes_around.
--
-- Every function that changes seats takes its locks in this order:
--   1. the rows of cafe_seats that the change touches, by cafe_id. While a transaction has these locks, no other transaction decides about
--   these Cafés, so counting and giving seats need no other lock;
--   2. the rows of room_slot that these Cafés share, by room and time (room_slots_lock);
--   3. rows of registration, by id: those that end, and the seats of attendees who join a waitlist;
--   4. rows of attendee_day, by attendee within a statement;
--   5. rows of mailbox_hold, by mailbox within a statement.
-- A change that takes step 4 twice (a seat ends, then the waitlist moves up) can deadlock with another one. Postgres then cancels one of
-- them (40P01). The cancelled transaction changed nothing, and the caller retries it. The caller also retries after 40001, which a function
-- raises when the data of its decision changed before it had its locks.
create or replace function seats_lock_around(p_registration_ids uuid[], p_cafe_ids uuid[]) returns uuid[] language plpgsql as $$
declare
  v_locked_cafe_ids uuid[] := cafes_around(p_registration_ids, p_cafe_ids);
begin
  perform 1 from cafe_seats s where s.cafe_id = any (v_locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(v_locked_cafe_ids);
  perform 1 from registration r where r.id = any (p_registration_ids) order by r.id for update;
  -- An attendee may have joined another waitlist while this transaction waited for locks. When the attendee becomes free for that waitlist,
  -- this transaction would not move it up. From here on, an attendee of these registrations can join a waitlist only after this transaction
  -- commits (claims_give).
  if not cafes_around(p_registration_ids, p_cafe_ids) <@ v_locked_cafe_ids then
    raise exception 'the waitlists changed' using errcode = 'serialization_failure';
  end if;
  return v_locked_cafe_ids;
end
$$;
