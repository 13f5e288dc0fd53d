-- Whatever happens to registrations, this follows in the same statement: the Cafés' counters and versions, the rooms' slots,
-- the message to each person, the ledger. registration_made does it for new ones, registration_changed for others, so that no
-- function that gives or frees a seat can forget any of it.
--
-- A plan that was made for one row is kept for five hundred. So here, and where else many are put beside many (take_minutes,
-- seats_claim), tables are read by `= any`, and what was read is joined by hash: never each row held against each.
create or replace function registration_made() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  made_rows bigint;
  counted_rows bigint;    -- those of them whose Café there is
  known_attendees bigint;
  sharing boolean;
  holding boolean;          -- whether any of them is a seat held for an unproved person
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
    returning s.cafe_id, s.version, n.seats + n.waiting as made_rows, s.pooled and n.seats > 0 as sharing,
      n.unproved > 0 as holding
  ),
  -- What was made alike is told alike.
  alike as (
    select
      m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping, mail_kind_of(null, m.status, m.cause, false) as kind,
      array_agg(k.cafe_id) as cafe_ids, array_agg(k.version) as versions, array_agg(m.id) as ids, array_agg(m.attendee_id) as attendee_ids,
      case when m.status = 'waitlisted' then array_agg(m.waitlist_number) else '{}' end as waitlist_numbers
    from made m join counted k on k.cafe_id = m.cafe_id
    group by m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping
  ),
  told as (
    insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids)
    select a.ids[1], a.kind, a.ids, a.attendee_ids, '{}' from alike a where a.kind is not null
  ),
  recorded as (
    insert into seat_event_made (
      at, id, status, cause, changed_by, cafe_ids, versions, registration_ids, attendee_ids, waitlist_numbers, expires_at, overlapping
    )
    select
      a.created_at, a.ids[1], a.status, a.cause, a.changed_by, a.cafe_ids, a.versions, a.ids, a.attendee_ids, a.waitlist_numbers,
      a.expires_at, a.overlapping
    from alike a
  )
  -- References, once a batch, in which each person is once. A foreign key would look at the attendee and the Café of every row by
  -- itself and write a lock into both, the largest cost of a claim (docs/adr/0005).
  select
    (select count(*) from made), coalesce(sum(k.made_rows), 0),
    (select count(*) from attendee a where a.id = any (array(select m.attendee_id from made m))), bool_or(k.sharing), bool_or(k.holding)
  into made_rows, counted_rows, known_attendees, sharing, holding from counted k;
  if counted_rows <> made_rows or known_attendees <> made_rows then
    raise exception 'a registration names an attendee or a Café that does not exist, or an attendee twice'
      using errcode = 'foreign_key_violation';
  end if;
  -- By itself, because most rooms are large enough, and a statement costs for each of its parts.
  if sharing then
    perform room_slots_count(array_agg(n.cafe_id), array_agg(n.seats))
    from (select m.cafe_id, count(*)::integer as seats from made m where m.status <> 'waitlisted' group by m.cafe_id) n;
  end if;
  if holding then
    perform mailbox_holds_count(array_agg(m.attendee_id), array_agg(1)) from made m where m.status = 'held';
  end if;
  return null;
end
$$;

create trigger registration_made after insert on registration
referencing new table as made for each statement execute function registration_made();
