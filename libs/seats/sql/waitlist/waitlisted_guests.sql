-- Returns the first `p_max` guest registrations in the waitlist of a Café. Those beyond the limit of their mailbox are left out, so that
-- many aliases of one mailbox do not hide the guests behind them.
create or replace function waitlisted_guests(p_cafe_id uuid, p_max integer) returns uuid[] language sql stable as $$
  select array(
    select l.id from (
      -- A group that waits together does not count, because it is not known yet whether it gets seats.
      select r.id, r.waitlist_number, mailbox_of(a.email) as mailbox, g.id as group_id,
        count(*) filter (where g.id is null) over (partition by mailbox_of(a.email) order by r.waitlist_number) as number
      from registration r join attendee a on a.id = r.attendee_id
      left join delegation g on g.id = r.delegation_id and g.mode = 'all'
      where r.cafe_id = p_cafe_id and r.status = 'waitlisted' and r.guest
    ) l
    left join mailbox_hold h on h.mailbox = l.mailbox
    where l.group_id is not null or l.number + coalesce(h.held, 0) <= mailbox_holds_max()
    order by l.waitlist_number limit p_max
  )
$$;
