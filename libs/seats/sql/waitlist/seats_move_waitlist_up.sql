-- Gives the free seats of a Café to the first attendees in its waitlist who can take one. The caller has locked the Café and the room slots
-- that it shares. Attendees whose address is proved are first, in their order; the remaining seats go to guest registrations
-- (seats_move_guests_up).
--
-- These can take a seat: an attendee who is free at that time; an attendee with one confirmed seat at that time, who gets an offer to swap;
-- a group with mode `all`, when there are seats for all its waiting attendees and all of them are free. The seat is confirmed. It is
-- offered when the Café starts soon (starts_soon), or for a swap.
--
-- Returns the registrations that moved up. Raises data_corrupted when the registrations of an attendee leave the time free and attendee_day
-- does not: otherwise the loop would try the same attendee until the statement timeout, with the Café locked.
create or replace function seats_move_waitlist_up(p_cafe_id uuid) returns uuid[] language plpgsql as $$
declare
  v_cafe cafe;
  v_free integer;
  v_next record;
  v_passed_units uuid[] := '{}';  -- units that cannot use the free seats
  v_seated_ids uuid[];            -- attendees whose minutes this round took
  v_losing_units uuid[];          -- units with an attendee who took another seat at the same time
  v_lost_units uuid[] := '{}';    -- the losing units of all rounds
  v_moved_now uuid[];
  v_moved_ids uuid[] := '{}';
begin
  select c.* into v_cafe from cafe c where c.id = p_cafe_id;
  -- Repeated for a unit that is passed, and for one that loses.
  while v_cafe.ends_at > seats_now() loop
    v_free := seats_free(p_cafe_id);
    exit when v_free <= 0;
    select * into v_next from waitlist_next(p_cafe_id, v_free, v_passed_units);
    exit when v_next.ids is null and v_next.passed_units is null;
    v_passed_units := v_passed_units || coalesce(v_next.passed_units, '{}');
    continue when v_next.ids is null;

    select take_minutes(array_agg(p_cafe_id), array_agg(t.attendee_id)) into v_seated_ids
    from unnest(v_next.attendee_ids, v_next.swaps) as t (attendee_id, swap) where not t.swap;
    -- A group with a losing attendee keeps all its places in the waitlist.
    select array_agg(distinct t.unit) into v_losing_units
    from unnest(v_next.attendee_ids, v_next.units, v_next.swaps) as t (attendee_id, unit, swap)
    where not t.swap and t.attendee_id <> all (coalesce(v_seated_ids, '{}'));
    if v_losing_units is not null then
      perform give_back_minutes(array_agg(p_cafe_id), array_agg(t.attendee_id), array_agg(null::integer))
      from unnest(v_next.attendee_ids, v_next.units) as t (attendee_id, unit)
      where t.unit = any (v_losing_units) and t.attendee_id = any (v_seated_ids)
      having count(*) > 0;
      -- The next round reads the new seat of such a unit, or does not return the unit. A unit that loses twice more shows corrupt data.
      if exists (select from unnest(v_losing_units) as u (id) where cardinality(array_positions(v_lost_units, u.id)) = 2) then
        raise exception 'the minutes of an attendee in the waitlist of Café % disagree with their registrations', p_cafe_id
          using errcode = 'data_corrupted', detail = format('Registrations or delegations: %s', v_losing_units),
            hint = 'npm run seats -- audit names the attendee.';
      end if;
      v_lost_units := v_lost_units || v_losing_units;
    end if;

    with moved as (
      update registration r set
        status = case when t.swap or starts_soon(v_cafe.starts_at) then 'offered' else 'confirmed' end::registration_status,
        expires_at = case when t.swap or starts_soon(v_cafe.starts_at) then offer_expires_at(v_cafe.starts_at, v_cafe.ends_at) end,
        overlapping = t.swap, cause = 'line', changed_by = null
      from unnest(v_next.ids, v_next.units, v_next.swaps) as t (id, unit, swap)
      where r.id = t.id and t.unit <> all (coalesce(v_losing_units, '{}'))
      returning r.id
    )
    select array_agg(m.id) into v_moved_now from moved m;
    v_moved_ids := v_moved_ids || coalesce(v_moved_now, '{}');
  end loop;
  if v_free > 0 and (select s.unproved_waiting > 0 from cafe_seats s where s.cafe_id = p_cafe_id) then
    v_moved_ids := v_moved_ids || seats_move_guests_up(p_cafe_id);
  end if;
  return v_moved_ids;
end
$$;
