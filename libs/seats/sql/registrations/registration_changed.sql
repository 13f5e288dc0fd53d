-- Runs after registrations changed: updates the counts and versions of their Cafés and the room slots, and writes the messages and the
-- ledger. registration_made does the same for new registrations.
create or replace function registration_changed() returns trigger language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  v_pooled_cafe_ids uuid[];
  v_pooled_seats integer[];
  v_held_attendee_ids uuid[]; -- attendees for whom a hold began or ended
  v_held_seats integer[];
begin
  with changed as (
    select
      n.id, n.cafe_id, n.attendee_id, n.cause, n.changed_by, n.expires_at, n.overlapping, o.status as was, n.status,
      n.waitlist_number is not null as waited,
      (n.status in ('held', 'offered', 'confirmed'))::integer - (o.status in ('held', 'offered', 'confirmed'))::integer as seats,
      (n.status = 'waitlisted')::integer - (o.status = 'waitlisted')::integer as waiting,
      (n.checked_in_at is not null)::integer - (o.checked_in_at is not null)::integer as present,
      (n.status = 'held')::integer - (o.status = 'held')::integer as unproved,
      (n.guest and n.status = 'waitlisted')::integer - (o.guest and o.status = 'waitlisted')::integer as unproved_waiting,
      o.guest and o.status in ('held', 'waitlisted') and (not n.guest or n.status = 'cancelled') as was_guest,
      coalesce(o.expires_at, o.prove_by) as guest_until,
      case
        when n.status <> o.status then n.status::text
        when n.checked_in_at is not null and o.checked_in_at is null then 'checked-in'
        when n.checked_in_at is null and o.checked_in_at is not null then 'check-in-undone'
        else 'told'
      end as what
    from after_change n join before_change o on o.id = n.id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting, present = s.present + n.present,
      unproved = s.unproved + n.unproved, unproved_waiting = s.unproved_waiting + n.unproved_waiting,
      capacity = case when s.target_capacity is null then s.capacity else greatest(s.target_capacity, s.taken + n.seats) end,
      target_capacity = case when s.target_capacity < s.taken + n.seats then s.target_capacity end,
      version = s.version + 1
    from (
      select
        c.cafe_id, sum(c.seats)::integer as seats, sum(c.waiting)::integer as waiting, sum(c.present)::integer as present,
        sum(c.unproved)::integer as unproved, sum(c.unproved_waiting)::integer as unproved_waiting
      from changed c group by c.cafe_id
    ) n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select c.cafe_id from changed c))
    returning s.cafe_id, s.event_id, s.version, s.pooled, n.seats
  ),
  messages as (
    insert into outbox (kind, attendee_id, registration_id, event_id)
    select t.kind, t.attendee_id, t.id, k.event_id
    from (select mail_kind_of(c.was, c.status, c.cause, c.waited) as kind, c.* from changed c) t
    join counted k on k.cafe_id = t.cafe_id
    where t.kind is not null
      -- A walk-in may have no address.
      and t.attendee_id <> all (array(
        select a.id from attendee a where a.email is null and a.id = any (array(select c.attendee_id from changed c))
      ))
    order by t.id
  ),
  owned as (
    delete from typed_name t where t.registration_id = any (array(
      select c.id from changed c
      where c.status in ('offered', 'confirmed', 'waitlisted') and c.cause in ('proof', 'acceptance', 'swap')
    ))
  ),
  outcomes as (
    insert into guest_outcome (registration_id, status, until)
    select c.id, c.was, c.guest_until from changed c where c.was_guest
  ),
  recorded as (
    insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, expires_at, overlapping, event_id)
    select
      k.cafe_id, k.version, seats_now(), c.what, c.cause, c.changed_by, array_agg(c.id order by c.id),
      array_agg(c.attendee_id order by c.id), c.expires_at, c.overlapping, k.event_id
    from changed c join counted k on k.cafe_id = c.cafe_id
    group by k.cafe_id, k.event_id, k.version, c.what, c.cause, c.changed_by, c.expires_at, c.overlapping
  )
  select
    array_agg(k.cafe_id) filter (where k.pooled and k.seats <> 0), array_agg(k.seats) filter (where k.pooled and k.seats <> 0),
    (select array_agg(c.attendee_id) from changed c where c.unproved <> 0),
    (select array_agg(c.unproved) from changed c where c.unproved <> 0)
  into v_pooled_cafe_ids, v_pooled_seats, v_held_attendee_ids, v_held_seats from counted k;
  if v_pooled_cafe_ids is not null then
    perform room_slots_count(v_pooled_cafe_ids, v_pooled_seats);
  end if;
  if v_held_attendee_ids is not null then
    perform mailbox_holds_count(v_held_attendee_ids, v_held_seats);
  end if;
  return null;
end
$$;

create trigger registration_changed after update on registration
referencing old table as before_change new table as after_change for each statement execute function registration_changed();
