-- Adds a number of held seats to mailbox_hold for each of these attendees; a negative number for seats that ended.
create or replace function mailbox_holds_count(p_attendee_ids uuid[], p_seats integer[]) returns void language plpgsql
set enable_seqscan = off set enable_nestloop = on
as $$
declare
  v_mailboxes text[];
  v_seats integer[];
begin
  select array_agg(n.mailbox order by n.mailbox), array_agg(n.seats order by n.mailbox) into v_mailboxes, v_seats
  from (
    select mailbox_of(a.email) as mailbox, sum(k.seats)::integer as seats
    from unnest(p_attendee_ids, p_seats) as k (attendee_id, seats) join attendee a on a.id = k.attendee_id
    group by 1 having sum(k.seats) <> 0
  ) n;
  insert into mailbox_hold as mine (mailbox, held)
  select n.mailbox, n.seats from unnest(v_mailboxes, v_seats) as n (mailbox, seats) where n.seats > 0 order by n.mailbox
  on conflict (mailbox) do update set held = mine.held + excluded.held;
  update mailbox_hold h set held = h.held + n.seats
  from unnest(v_mailboxes, v_seats) as n (mailbox, seats) where n.seats < 0 and h.mailbox = n.mailbox;
  delete from mailbox_hold h where h.mailbox = any (v_mailboxes) and h.held = 0;
end
$$;
