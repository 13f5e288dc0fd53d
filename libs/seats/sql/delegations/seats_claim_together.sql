-- Claims seats in a Café for the attendees of one delegate. Mode `each`: gives the free seats, and adds the other attendees to the
-- waitlist. Mode `all`: gives seats to all attendees, or adds all of them to the waitlist, or does neither. Existing registrations do not
-- change. An attendee gets a guest registration, after the other attendees, when the address is not proved, or when the attendee gave back
-- a seat that this delegate took in the event. The names below call these attendees unproved. The number of guest registrations of a
-- delegate is limited (outcome `too-many-unproved`). Returns one row for each attendee, in no order: the outcome and the registration.
create or replace function seats_claim_together(
  p_cafe_id uuid, p_attendee_ids uuid[], p_mode delegation_mode, p_delegate_id uuid, p_hold_ttl interval,
  p_names text[] default null, p_organisations text[] default null
)
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  v_unproved_ids uuid[] := array(
    select a.id from unnest(p_attendee_ids) with ordinality as i (id, place) join attendee a on a.id = i.id
    where a.email_proved_at is null or delegate_is_refused(p_cafe_id, p_delegate_id, a.id) order by i.place
  );
  v_guests_left integer := case when v_unproved_ids <> '{}' then delegate_guests_left(p_cafe_id, p_delegate_id) end;
  v_delegation_id uuid := uuidv7();
  v_fresh_ids uuid[];         -- attendees who are not registered in the Café yet
  v_fresh_guest_ids uuid[];   -- of these, those who get guest registrations
  v_refused_ids uuid[] := '{}';
  v_seats cafe_seats;
  v_takes boolean;
begin
  select s.* into v_seats from cafe_seats s where s.cafe_id = p_cafe_id for update;
  v_takes := v_seats.state = 'open' and exists (select from cafe c where c.id = p_cafe_id and c.ends_at > seats_now());
  if v_seats.pooled then
    perform room_slots_lock(array[p_cafe_id]);
  end if;
  select
    coalesce(array_agg(i.id order by i.place), '{}'),
    coalesce(array_agg(i.id order by i.place) filter (where i.id = any (v_unproved_ids)), '{}')
  into v_fresh_ids, v_fresh_guest_ids
  from unnest(p_attendee_ids) with ordinality as i (id, place)
  where own_registration_id(i.id, p_cafe_id) is null
    and (i.id <> all (v_unproved_ids) or guest_registration_id(i.id, p_cafe_id) is null);

  if v_takes then
    v_refused_ids := v_fresh_guest_ids[v_guests_left + 1:];
  end if;
  if v_takes and p_mode = 'all' then
    return query select r.* from delegation_refusals(p_cafe_id, v_fresh_ids, v_fresh_guest_ids, v_refused_ids) r;
    if found then
      return;
    end if;
  end if;

  if v_fresh_ids <> '{}' and v_seats.cafe_id is not null then
    insert into delegation (id, cafe_id, attendee_id, mode) values (v_delegation_id, p_cafe_id, p_delegate_id, p_mode);
  end if;
  if v_takes and p_mode = 'all' and not delegation_fits(p_cafe_id, v_fresh_ids, v_fresh_guest_ids) then
    insert into registration (cafe_id, attendee_id, status, guest, waitlist_number, cause, changed_by, delegation_id, created_at)
    select
      p_cafe_id, f.id, 'waitlisted', f.id = any (v_fresh_guest_ids), v_seats.last_waitlist_number + f.place,
      case when f.id = any (v_fresh_guest_ids) then 'guest' else 'delegation' end::seat_cause, p_delegate_id, v_delegation_id, seats_now()
    from unnest(v_fresh_ids) with ordinality as f (id, place) order by f.place;
    perform pg_notify('outbox', '');
  end if;
  -- Attendees who were added to the waitlist above get the outcome `existing` here.
  return query
  select d.attendee_id, case when d.attendee_id = any (v_fresh_ids) and d.outcome = 'existing' then 'created' else d.outcome end, d.registration_id
  from delegation_decided(p_cafe_id, p_attendee_ids, v_unproved_ids, v_refused_ids, v_delegation_id, p_delegate_id, p_hold_ttl) d;
  -- An attendee took a seat in another Café at the same time. In mode `all`, this error rolls back the seats of all attendees.
  if v_takes and p_mode = 'all' and exists (
    select from unnest(v_fresh_ids) as f (id) where not exists (
      select from registration r where r.delegation_id = v_delegation_id and r.attendee_id = f.id
    )
  ) then
    raise exception 'the seats of an attendee of the delegation changed' using errcode = 'serialization_failure';
  end if;
  insert into typed_name (registration_id, name, organisation)
  select r.id, i.name, i.organisation
  from unnest(p_attendee_ids, p_names, p_organisations) as i (attendee_id, name, organisation)
  join registration r on r.delegation_id = v_delegation_id and r.attendee_id = i.attendee_id
  where i.attendee_id <> p_delegate_id and i.name is not null;
  delete from delegation d
  where d.id = v_delegation_id and not exists (select from registration r where r.delegation_id = v_delegation_id);
end
$$;
