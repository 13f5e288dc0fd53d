-- Part of seats_claim_together: claims for each attendee except `p_refused_ids`. Returns one row for each attendee, with the attendee's
-- current registration.
create or replace function delegation_decided(
  p_cafe_id uuid, p_attendee_ids uuid[], p_unproved_ids uuid[], p_refused_ids uuid[], p_delegation_id uuid, p_delegate_id uuid,
  p_hold_ttl interval
)
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  v_proved_ids uuid[] := array(select i.id from unnest(p_attendee_ids) with ordinality as i (id, place) where i.id <> all (p_unproved_ids) order by i.place);
  v_own_ids uuid[] := array(select i.id from unnest(p_unproved_ids) as i (id) where own_registration_id(i.id, p_cafe_id) is not null);
  v_guest_ids uuid[] := array(
    select i.id from unnest(p_unproved_ids) with ordinality as i (id, place) where i.id <> all (v_own_ids || p_refused_ids) order by i.place
  );
begin
  if v_proved_ids <> '{}' then
    return query
    select v_proved_ids[a.place], c.outcome, a.registration_id
    from seats_claim(array_fill(p_cafe_id, array[cardinality(v_proved_ids)]), v_proved_ids, p_delegation_id, p_delegate_id) c
    cross join lateral unnest(c.places, c.registration_ids) as a (place, registration_id);
  end if;
  if v_guest_ids <> '{}' then
    return query
    select v_guest_ids[c.places[1]], c.outcome, c.registration_ids[1]
    from seats_claim_guests(
      array_fill(p_cafe_id, array[cardinality(v_guest_ids)]), v_guest_ids, p_hold_ttl, p_delegation_id, p_delegate_id
    ) c;
  end if;
  return query select o.id, 'existing', own_registration_id(o.id, p_cafe_id) from unnest(v_own_ids) as o (id);
  return query select t.id, 'too-many-unproved', null::uuid from unnest(p_refused_ids) as t (id);
end
$$;
