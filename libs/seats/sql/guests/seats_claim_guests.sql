-- Decides a batch of claims without a session; a batch has each attendee at most once. A seat is held within the share of guests and the
-- limit of the mailbox; otherwise the claim waits. Other registrations of the attendee have no influence. Claims are decided Café by Café;
-- the claims on one Café are decided in the order of arrival. `p_names`, `p_organisations`: the texts that were typed with each claim.
-- Returns rows like seats_claim, one for each claim.
create or replace function seats_claim_guests(
  p_cafe_ids uuid[], p_attendee_ids uuid[], p_hold_ttl interval, p_delegation_id uuid default null, p_by uuid default null,
  p_names text[] default null, p_organisations text[] default null
)
returns table (
  outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[],
  status registration_status, expires_at timestamptz, checked_in_at timestamptz, created_at timestamptz,
  event_id uuid, starts_at timestamptz, ends_at timestamptz, prove_by timestamptz
)
language plpgsql
set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_mailboxes text[] := array(
    select mailbox_of(a.email)
    from unnest(p_attendee_ids) with ordinality as i (id, place) left join attendee a on a.id = i.id order by i.place
  );
  v_claims record;   -- the claims on one Café
  v_made_ids uuid[] := '{}';
begin
  perform 1 from cafe_seats s where s.cafe_id = any (p_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(p_cafe_ids);
  perform mailboxes_lock(v_mailboxes);
  for v_claims in
    select i.cafe_id, array_agg(i.attendee_id order by i.place) as attendee_ids, array_agg(i.mailbox order by i.place) as mailboxes
    from unnest(p_cafe_ids, p_attendee_ids, v_mailboxes) with ordinality as i (cafe_id, attendee_id, mailbox, place)
    group by i.cafe_id order by i.cafe_id
  loop
    v_made_ids := v_made_ids
      || guests_register(v_claims.cafe_id, v_claims.attendee_ids, v_claims.mailboxes, p_hold_ttl, p_delegation_id, p_by);
  end loop;
  perform mailboxes_delete_unused(v_mailboxes);
  if v_made_ids <> '{}' then
    insert into typed_name (registration_id, name, organisation)
    select r.id, i.name, i.organisation
    from unnest(p_cafe_ids, p_attendee_ids, p_names, p_organisations) as i (cafe_id, attendee_id, name, organisation)
    join registration r on r.id = guest_registration_id(i.attendee_id, i.cafe_id)
    where r.id = any (v_made_ids) and i.name is not null;
    perform pg_notify('outbox', '');
  end if;

  return query
  select
    case
      when s.cafe_id is null or s.state = 'draft' then 'cafe-not-found'
      when r.id = any (v_made_ids) then 'created'
      when r.id is not null then 'existing'
      when s.state <> 'open' or c.ends_at <= seats_now() then 'cafe-not-open'
      else 'cafe-full'
    end,
    array[i.place::integer], array[r.id],
    array[case
      when r.status <> 'waitlisted' then null
      -- New registrations are the last ones of the waitlist, and their numbers have no gaps.
      when r.id = any (v_made_ids) then s.waitlisted - (s.last_waitlist_number - r.waitlist_number)
      else waitlist_position(r.cafe_id, r.waitlist_number)
    end],
    r.status, r.expires_at, r.checked_in_at, r.created_at, c.event_id, c.starts_at, c.ends_at, r.prove_by
  from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  left join cafe_seats s on s.cafe_id = i.cafe_id
  left join cafe c on c.id = i.cafe_id
  left join registration r on r.id = guest_registration_id(i.attendee_id, i.cafe_id)
  order by i.place;
end
$$;
