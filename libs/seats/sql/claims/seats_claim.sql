-- Decides a batch of claims in the order of arrival. The claimants are signed in, or a delegate claims for attendees whose address is
-- proved. A batch has each attendee at most once. Claims without a session: seats_claim_guests.
--
-- Returns one row for all claims that have the same answer, in any Café: the outcome, the positions of the claims in the batch and, in the
-- same order, their registrations and waitlist positions. For registrations, the row also has the event and the times of the Café.
-- Outcomes: `created`, `existing`, `schedule-clash`, `cafe-full`, `cafe-not-open`, `cafe-not-found`, `guest-registration`. The last one
-- means: the attendee has an open guest registration in the Café, the answer names it, and nothing changed (seats_prove confirms it).
--
-- The settings apply to all functions that this one calls. Lookups use indexes, because a plan may have been made for a hundredth of the
-- rows. Plans are cached, because planning a statement costs more than running it.
create or replace function seats_claim(
  p_cafe_ids uuid[], p_attendee_ids uuid[], p_delegation_id uuid default null, p_by uuid default null
)
returns table (
  outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[],
  status registration_status, expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz
)
language plpgsql
set enable_seqscan = off set enable_nestloop = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_has_guests boolean;       -- whether any of the Cafés has guest registrations
  v_guest_places integer[];   -- claims of attendees whose only registration there is an open guest registration
  v_sibling text;             -- the id from which the ids of the new registrations are made (sibling_id)
  v_given record;
  v_waiting record;
  v_created integer;
begin
  -- This lock orders claims: until the commit no other transaction gives or frees a seat of these Cafés.
  select bool_or(l.unproved + l.unproved_waiting > 0) into v_has_guests
  from (
    select s.unproved, s.unproved_waiting from cafe_seats s where s.cafe_id = any (p_cafe_ids) order by s.cafe_id for update
  ) l;
  -- Created under the lock, so that ids are in the order of commits.
  v_sibling := uuidv7();
  if v_has_guests and p_delegation_id is null then
    v_guest_places := guest_places(p_cafe_ids, p_attendee_ids);
  end if;
  select * into v_given from claims_give(p_cafe_ids, p_attendee_ids, v_guest_places, v_sibling, p_delegation_id, p_by);
  if v_given.waits then
    select * into v_waiting
    from claims_waitlist(p_cafe_ids, p_attendee_ids, v_given.rest_places, v_sibling, p_delegation_id, p_by);
  else
    select null::integer[] as places, null::uuid[] as ids, null::integer[] as numbers into v_waiting;
  end if;

  -- The answers for new registrations come from the values that were written. Only the other answers read the table.
  if v_given.ids <> '{}' and v_given.alike then
    outcome := 'created';
    places := v_given.places;
    registration_ids := v_given.ids;
    status := 'confirmed';
    created_at := seats_now();
    event_id := v_given.event_id;
    starts_at := v_given.starts_at;
    ends_at := v_given.ends_at;
    return next;
  elsif v_given.ids <> '{}' then
    return query select * from claims_created(p_cafe_ids, v_given.places, v_given.ids, null);
  end if;
  if v_waiting.ids is not null then
    return query select * from claims_created(p_cafe_ids, v_waiting.places, v_waiting.ids, v_waiting.numbers);
  end if;
  v_created := cardinality(v_given.ids) + coalesce(cardinality(v_waiting.ids), 0);
  if v_created > 0 then
    perform pg_notify('outbox', '');
  end if;
  if v_waiting.ids is null and v_created + cardinality(v_given.rest_places) = cardinality(p_cafe_ids) then
    -- The remaining claims were too late, and no waitlist is open.
    return query select
      'cafe-full', v_given.rest_places, null::uuid[], null::integer[], null::registration_status, null::timestamptz, null::timestamptz,
      null::timestamptz, null::uuid, null::timestamptz, null::timestamptz;
  elsif v_created < cardinality(p_cafe_ids) then
    return query select * from claims_not_created(
      p_cafe_ids, p_attendee_ids, v_given.places || v_waiting.places, v_given.fresh_places, v_given.clashing_places, v_guest_places
    );
  end if;
end
$$;
