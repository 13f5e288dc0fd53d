-- Part of seats_claim_guests: creates the guest registrations for the claims on one Café, in their order. The caller has locked the Café,
-- its room slots and the mailboxes. Returns the ids of the new registrations.
create or replace function guests_register(
  p_cafe_id uuid, p_attendee_ids uuid[], p_mailboxes text[], p_hold_ttl interval, p_delegation_id uuid, p_by uuid
)
returns uuid[] language plpgsql as $$
declare
  v_seats cafe_seats;
  v_free integer := seats_free(p_cafe_id);
  v_for_guests integer := seats_free_for_guests(p_cafe_id);
  v_ids uuid[];
begin
  select s.* into v_seats from cafe_seats s join cafe c on c.id = s.cafe_id
  where s.cafe_id = p_cafe_id and s.state = 'open' and c.ends_at > seats_now();
  if v_seats.cafe_id is null then
    return '{}';
  end if;
  with fresh as (
    select
      i.attendee_id, i.place,
      row_number() over (partition by i.mailbox order by i.place) + coalesce(h.held, 0) <= mailbox_holds_max() as fits
    from unnest(p_attendee_ids, p_mailboxes) with ordinality as i (attendee_id, mailbox, place)
    left join mailbox_hold h on h.mailbox = i.mailbox
    where guest_registration_id(i.attendee_id, p_cafe_id) is null
  ),
  given as (
    select f.*, f.fits and count(*) filter (where f.fits) over (order by f.place) <= v_for_guests as held from fresh f
  ),
  decided as (
    -- The guest waits although a seat is free, and may prove the address to get the seat.
    select g.*, not g.held and v_free > count(*) filter (where g.held) over (order by g.place) as kept from given g
  ),
  made as (
    insert into registration (
      cafe_id, attendee_id, status, guest, expires_at, waitlist_number, prove_by, cause, changed_by, delegation_id, created_at
    )
    select
      p_cafe_id, d.attendee_id, case when d.held then 'held' else 'waitlisted' end::registration_status, true,
      case when d.held then seats_now() + p_hold_ttl end,
      case when not d.held then v_seats.last_waitlist_number + row_number() over (partition by d.held order by d.place) end,
      case when d.kept then seats_now() + guest_prove_time() end,
      'guest', p_by, p_delegation_id, seats_now()
    from decided d where d.held or d.kept or v_seats.waitlist_open
    order by d.place
    returning id
  )
  select array_agg(m.id) into v_ids from made m;
  return coalesce(v_ids, '{}');
end
$$;
