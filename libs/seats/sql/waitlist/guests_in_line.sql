-- The first guest registrations in a Café's line, but those beyond what their mailbox may have held now: however many aliases of one mailbox
-- wait in front, those behind them come into view.
create or replace function guests_in_line(p_cafe_id uuid, p_max integer) returns uuid[] language sql stable as $$
  select array(
    select l.id from (
      -- Of a group that waits as one it is not known yet whether it takes what its mailboxes may have.
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
