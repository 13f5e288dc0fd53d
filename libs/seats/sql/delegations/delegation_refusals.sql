-- Returns the reasons why a delegation with mode `all` gets no seats: one row for each new attendee. No rows: it gets seats or places in
-- the waitlist.
create or replace function delegation_refusals(p_cafe_id uuid, p_fresh_ids uuid[], p_fresh_guest_ids uuid[], p_too_many_ids uuid[])
returns table (attendee_id uuid, outcome text, registration_id uuid) language plpgsql as $$
declare
  v_clashing_ids uuid[] := array(
    select f.id from unnest(p_fresh_ids) as f (id) join cafe c on c.id = p_cafe_id
    where f.id <> all (p_fresh_guest_ids) and exists (select from seats_in_the_way(f.id, c.starts_at, c.ends_at))
  );
begin
  if p_too_many_ids <> '{}' or v_clashing_ids <> '{}' then
    return query
    select f.id, case
        when f.id = any (p_too_many_ids) then 'too-many-unproved' when f.id = any (v_clashing_ids) then 'schedule-clash' else 'not-all'
      end, null::uuid
    from unnest(p_fresh_ids) as f (id);
  elsif not (select s.waitlist_open from cafe_seats s where s.cafe_id = p_cafe_id)
    and not delegation_fits(p_cafe_id, p_fresh_ids, p_fresh_guest_ids) then
    return query select f.id, 'cafe-full', null::uuid from unnest(p_fresh_ids) as f (id);
  end if;
end
$$;
