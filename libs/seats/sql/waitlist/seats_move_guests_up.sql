-- Gives the free seats of a Café to the guest registrations in its waitlist, in their order, within the share of guests and the limit of
-- each mailbox. A group with mode `all` that has a waiting guest gets all its seats together: those of the guests are held, those of the
-- other attendees are given as to other attendees in the waitlist. The seat of a guest is held for guest_prove_time, and no longer than
-- until the end of the Café.
create or replace function seats_move_guests_up(p_cafe_id uuid) returns uuid[] language plpgsql as $$
declare
  v_free integer := seats_free(p_cafe_id);
  v_for_guests integer := seats_free_for_guests(p_cafe_id);
  v_unit record;
  v_seated_ids uuid[];
  v_candidate_ids uuid[];
  v_seen_mailboxes text[];
  v_held_mailboxes text[] := '{}';
  v_moved_ids uuid[] := '{}';
begin
  if v_for_guests <= 0 then
    return v_moved_ids;
  end if;
  v_candidate_ids := waitlisted_guests(p_cafe_id, v_for_guests + waitlist_look_ahead());
  -- Locks all mailboxes in one statement, so that no other transaction locks one of them while it waits for another one.
  select array_agg(distinct mailbox_of(a.email)) into v_seen_mailboxes
  from registration r join attendee a on a.id = r.attendee_id
  where r.guest and r.status = 'waitlisted' and (
    r.id = any (v_candidate_ids)
    or r.delegation_id = any (array(select c.delegation_id from registration c where c.id = any (v_candidate_ids)))
  );
  perform mailboxes_lock(v_seen_mailboxes);
  for v_unit in
    select
      array_agg(r.id order by r.waitlist_number) as ids, array_agg(r.attendee_id) filter (where not r.guest) as own_attendee_ids,
      array_agg(mailbox_of(a.email)) filter (where r.guest) as mailboxes
    from registration r
    join attendee a on a.id = r.attendee_id
    left join delegation g on g.id = r.delegation_id and g.mode = 'all'
    where r.cafe_id = p_cafe_id and r.status = 'waitlisted'
      and (r.id = any (v_candidate_ids) or g.id = any (array(select c.delegation_id from registration c where c.id = any (v_candidate_ids))))
    group by coalesce(g.id, r.id)
    having bool_or(r.guest)
    order by min(r.waitlist_number)
  loop
    exit when v_for_guests <= 0;
    continue when cardinality(v_unit.ids) > v_free or cardinality(v_unit.mailboxes) > v_for_guests;
    continue when not mailboxes_fit(v_unit.mailboxes, v_held_mailboxes);
    if v_unit.own_attendee_ids is not null then
      v_seated_ids := take_minutes(array_fill(p_cafe_id, array[cardinality(v_unit.own_attendee_ids)]), v_unit.own_attendee_ids);
      if cardinality(v_seated_ids) < cardinality(v_unit.own_attendee_ids) then
        perform give_back_minutes(array_agg(p_cafe_id), array_agg(w.id), array_agg(null::integer))
        from unnest(v_seated_ids) as w (id) having count(*) > 0;
        continue;
      end if;
    end if;
    v_free := v_free - cardinality(v_unit.ids);
    v_for_guests := least(v_for_guests - cardinality(v_unit.mailboxes), v_free);
    v_held_mailboxes := v_held_mailboxes || v_unit.mailboxes;
    v_moved_ids := v_moved_ids || v_unit.ids;
  end loop;

  update registration r set
    status = case when r.guest then 'held' when starts_soon(c.starts_at) then 'offered' else 'confirmed' end::registration_status,
    expires_at = case
      when r.guest then least(seats_now() + guest_prove_time(), c.ends_at)
      when starts_soon(c.starts_at) then offer_expires_at(c.starts_at, c.ends_at)
    end,
    prove_by = null, cause = 'line', changed_by = null
  from cafe c where r.id = any (v_moved_ids) and c.id = r.cafe_id;
  perform mailboxes_delete_unused(v_seen_mailboxes);
  return v_moved_ids;
end
$$;
