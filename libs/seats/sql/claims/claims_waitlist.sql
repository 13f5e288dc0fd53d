-- Part of seats_claim: adds these claims, in their order, to the waitlists that are open. Returns the positions of the claims in the batch,
-- and in the same order the ids and waitlist numbers of their registrations; null when no waitlist is open.
create or replace function claims_waitlist(
  p_cafe_ids uuid[], p_attendee_ids uuid[], p_places integer[], p_sibling text, p_delegation_id uuid, p_by uuid,
  out places integer[], out ids uuid[], out numbers integer[]
)
language plpgsql as $$
begin
  select array_agg(l.place), array_agg(sibling_id(p_sibling, l.place)), array_agg(l.number) into places, ids, numbers
  from (
    select o.place, s.last_waitlist_number + row_number() over (partition by s.cafe_id order by o.place) as number
    from unnest(p_places) as o (place) join cafe_seats s on s.cafe_id = p_cafe_ids[o.place]
    where s.waitlist_open and s.cafe_id = any (p_cafe_ids)
  ) l;
  if ids is not null then
    insert into registration (id, cafe_id, attendee_id, status, waitlist_number, cause, changed_by, delegation_id, created_at)
    select
      l.id, p_cafe_ids[l.place], p_attendee_ids[l.place], 'waitlisted', l.number,
      case when p_delegation_id is null then 'claim' else 'delegation' end::seat_cause, p_by, p_delegation_id, seats_now()
    from unnest(places, ids, numbers) as l (place, id, number);
  end if;
end
$$;
