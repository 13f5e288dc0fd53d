-- Runs after new registrations were inserted: updates the counts and versions of their Cafés and the room slots, and writes the messages
-- and the ledger, in the same statement. So no function that gives or frees a seat can leave out one of these effects (docs/adr/0007).
--
-- Postgres also uses a plan that was made for one row for five hundred rows. Therefore this function, take_minutes and seats_claim read
-- tables by `= any` and join them by hash, never by a nested loop.
create or replace function registration_made() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  v_made bigint;
  v_counted bigint;   -- the number of rows whose Café exists
  v_attendees bigint; -- the number of their attendees that exist
  v_pooled boolean;   -- whether a new seat is in a Café that shares its room
  v_held boolean;     -- whether a new seat is held for a guest
begin
  with by_cafe as (
    select
      m.cafe_id, count(*) filter (where m.status <> 'waitlisted')::integer as seats,
      count(*) filter (where m.status = 'waitlisted')::integer as waiting, max(m.waitlist_number) as last_number,
      count(*) filter (where m.status = 'held')::integer as unproved,
      count(*) filter (where m.status = 'waitlisted' and m.guest)::integer as unproved_waiting
    from made m group by m.cafe_id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting,
      unproved = s.unproved + n.unproved, unproved_waiting = s.unproved_waiting + n.unproved_waiting,
      last_waitlist_number = greatest(s.last_waitlist_number, n.last_number), version = s.version + 1
    from by_cafe n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select b.cafe_id from by_cafe b))
    returning s.cafe_id, s.event_id, s.version, n.seats + n.waiting as made_rows, s.pooled and n.seats > 0 as is_pooled,
      n.unproved > 0 as has_held
  ),
  -- Registrations of one event that were made in the same way are one row of the ledger and one batch of messages.
  alike as (
    select
      k.event_id, m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping, mail_kind_of(null, m.status, m.cause, false) as kind,
      array_agg(k.cafe_id) as cafe_ids, array_agg(k.version) as versions, array_agg(m.id) as ids, array_agg(m.attendee_id) as attendee_ids,
      case when m.status = 'waitlisted' then array_agg(m.waitlist_number) else '{}' end as waitlist_numbers
    from made m join counted k on k.cafe_id = m.cafe_id
    group by k.event_id, m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping
  ),
  messages as (
    insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids, event_id)
    select a.ids[1], a.kind, a.ids, a.attendee_ids, '{}', a.event_id from alike a where a.kind is not null
  ),
  recorded as (
    insert into seat_event_made (
      at, id, status, cause, changed_by, cafe_ids, versions, registration_ids, attendee_ids, waitlist_numbers, expires_at, overlapping, event_id
    )
    select
      a.created_at, a.ids[1], a.status, a.cause, a.changed_by, a.cafe_ids, a.versions, a.ids, a.attendee_ids, a.waitlist_numbers,
      a.expires_at, a.overlapping, a.event_id
    from alike a
  )
  -- Checks the references once for the statement, which has each attendee once. A foreign key would read the attendee and the Café of every
  -- row and write a lock into both rows. That was the largest cost of a claim (docs/adr/0005).
  select
    (select count(*) from made), coalesce(sum(k.made_rows), 0),
    (select count(*) from attendee a where a.id = any (array(select m.attendee_id from made m))), bool_or(k.is_pooled), bool_or(k.has_held)
  into v_made, v_counted, v_attendees, v_pooled, v_held from counted k;
  if v_counted <> v_made or v_attendees <> v_made then
    raise exception 'a registration names an attendee or a Café that does not exist, or an attendee twice'
      using errcode = 'foreign_key_violation';
  end if;
  -- A separate statement, because most rooms are large enough, and each part of a statement has a cost.
  if v_pooled then
    perform room_slots_count(array_agg(n.cafe_id), array_agg(n.seats))
    from (select m.cafe_id, count(*)::integer as seats from made m where m.status <> 'waitlisted' group by m.cafe_id) n;
  end if;
  if v_held then
    perform mailbox_holds_count(array_agg(m.attendee_id), array_agg(1)) from made m where m.status = 'held';
  end if;
  return null;
end
$$;

create trigger registration_made after insert on registration
referencing new table as made for each statement execute function registration_made();
