-- Part of seats_claim: gives the free seats to the first claims and inserts their registrations. The caller has locked the Cafés.
--
-- Returns claims by their positions in the batch. `places`: the claims that got a seat; `ids`: their registrations, in the same order.
-- `fresh_places`: the claims on open Cafés of attendees who are not registered there. `clashing_places`: the claims of attendees who have
-- another seat at that time, together with `p_guest_places`. `rest_places`: the fresh claims that got no seat and do not clash. `waits`:
-- any waitlist is open, so the rest may wait. `alike`: all open Cafés are in one event and have the times of the first claim.
create or replace function claims_give(
  p_cafe_ids uuid[], p_attendee_ids uuid[], p_guest_places integer[], p_sibling text, p_delegation_id uuid, p_by uuid,
  out places integer[], out ids uuid[], out fresh_places integer[], out clashing_places integer[], out rest_places integer[],
  out waits boolean, out alike boolean, out event_id uuid, out starts_at timestamptz, out ends_at timestamptz
)
language plpgsql as $$
declare
  v_cause seat_cause := case when p_delegation_id is null then 'claim' else 'delegation' end;
  v_ids uuid[];             -- ids for the registrations of `rest_places`
  v_any_free boolean;
  v_waitlist_open boolean;
  v_scarce boolean;         -- whether a Café, or a room with its Cafés, may have too few seats for all claims
  v_tried_places integer[]; -- claims that get a seat if their attendee is free at that time
  v_tried_ids uuid[];
  v_seated_ids uuid[];      -- the attendees of these claims who are free
begin
  places := '{}'; ids := '{}';
  clashing_places := coalesce(p_guest_places, '{}');
  select c.event_id, c.starts_at, c.ends_at into event_id, starts_at, ends_at from cafe c where c.id = p_cafe_ids[1];
  -- An attendee who has another seat at that time leaves the seat to the next claim, so this is repeated. Each round decides at least one
  -- claim. Without clashes there is one round.
  loop
    select
      array_agg(i.place::integer), array_agg(sibling_id(p_sibling, i.place)), bool_or(s.capacity > s.taken), bool_or(s.waitlist_open),
      bool_or(s.pooled or s.capacity - s.taken < cardinality(p_cafe_ids)),
      coalesce(alike, bool_and(
        c.starts_at = claims_give.starts_at and c.ends_at = claims_give.ends_at and c.event_id = claims_give.event_id
      ))
    into rest_places, v_ids, v_any_free, v_waitlist_open, v_scarce, alike
    from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
    join cafe_seats s on s.cafe_id = i.cafe_id and s.cafe_id = any (p_cafe_ids)
    join cafe c on c.id = i.cafe_id and c.id = any (p_cafe_ids)
    where s.state = 'open' and c.ends_at > seats_now() and i.place <> all (clashing_places)
      and (
        select r.id from registration r
        where r.attendee_id = i.attendee_id and r.cafe_id = i.cafe_id
          and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
      ) is null;
    waits := rest_places is not null and v_waitlist_open;
    fresh_places := coalesce(fresh_places, rest_places);
    v_tried_places := case when v_any_free then rest_places end;
    v_tried_ids := v_ids;
    if v_scarce and v_any_free then
      perform room_slots_lock(p_cafe_ids);
      v_tried_places := seats_to_give(p_cafe_ids, rest_places);
      select array_agg(sibling_id(p_sibling, t.place)) into v_tried_ids from unnest(v_tried_places) as t (place);
    end if;
    -- Locks the registrations of attendees who may wait. When another transaction frees one of their seats, one of the two transactions
    -- waits for the other one, and the second one sees the changes of the first one (seats_lock_around).
    if v_scarce and v_waitlist_open and v_seated_ids is null then
      perform 1 from registration r
      where r.attendee_id = any (array(
          select p_attendee_ids[o.place] from unnest(rest_places) as o (place) where o.place <> all (coalesce(v_tried_places, '{}'))
        ))
        and r.status in ('offered', 'confirmed') and not r.guest
      order by r.id for share;
    end if;
    exit when v_tried_places is null;

    if cardinality(v_tried_places) = cardinality(p_cafe_ids) then
      v_seated_ids := take_minutes(p_cafe_ids, p_attendee_ids);
    else
      select take_minutes(array_agg(p_cafe_ids[t.place]), array_agg(p_attendee_ids[t.place])) into v_seated_ids
      from unnest(v_tried_places) as t (place);
    end if;
    if cardinality(v_tried_places) = cardinality(rest_places) then
      rest_places := null;
    end if;
    if cardinality(v_seated_ids) < cardinality(v_tried_places) then
      select
        array_agg(t.place) filter (where t.seated), array_agg(t.id) filter (where t.seated),
        clashing_places || array_agg(t.place) filter (where not t.seated)
      into v_tried_places, v_tried_ids, clashing_places
      from (
        select t.place, t.id, p_attendee_ids[t.place] = any (v_seated_ids) as seated
        from unnest(v_tried_places, v_tried_ids) as t (place, id)
      ) t;
    end if;
    if v_tried_places is not null then
      insert into registration (id, cafe_id, attendee_id, status, cause, changed_by, delegation_id, created_at)
      select g.id, p_cafe_ids[g.place], p_attendee_ids[g.place], 'confirmed', v_cause, p_by, p_delegation_id, seats_now()
      from unnest(v_tried_places, v_tried_ids) as g (place, id);
      places := places || v_tried_places;
      ids := ids || v_tried_ids;
    end if;
    exit when rest_places is null;
  end loop;
  waits := waits and rest_places is not null;
end
$$;
