-- Mails to addresses that are not proved have a budget an hour: anybody can type any address, and nobody is to send thousands of mails through us.
-- Owner: libs/outbox.

create table mail_budget (
  -- The event; the nil UUID for sign-in mails, which belong to no event.
  subject_id uuid not null,
  hour timestamptz not null,
  messages integer not null,
  primary key (subject_id, hour)
);

alter table email_delivery
  -- The hour whose budget counts this message. It is counted once, however often it is tried.
  add column budget_hour timestamptz,
  -- When its mailbox counted it, once as well.
  add column mailbox_at timestamptz;

-- The fewest messages of a budget. Anybody can use up the part of strangers by typing invented addresses, and then the claim mail of an honest
-- person waits for the next hour: a crowd that fills the waitlist of one small Café (three hundred for 24 seats) must not be enough. And it
-- is the most that one event lets strangers send through us in an hour.
create function mail_budget_least() returns integer language sql immutable as $$ select 1000 $$;

-- The messages of a budget for each seat of the open Cafés: a person is written to a few times (claim, waitlist, offer, cancellation), and events
-- with more than 250 seats need more than the least.
create function mail_budget_per_seat() returns integer language sql immutable as $$ select 4 $$;

-- Count messages in the budget of this hour: mail_budget_least, or mail_budget_per_seat for each seat of the open Cafés where that is more, of
-- the event or (null) of all events. `p_messages` 0 asks alone whether there is budget.
-- `p_share` is the part of the budget that they may use. Any number of processes may do so at once: the row of the hour is updated by one at a time.
-- Returns null where they are counted; else the seconds until the next hour. Rows go after two days.
create function mail_budget_count(p_event_id uuid, p_share numeric, p_messages integer) returns double precision language plpgsql as $$
declare
  v_hour constant timestamptz := date_trunc('hour', now(), 'UTC');
  v_messages_max integer;
  v_messages integer;
begin
  select greatest(mail_budget_least(), mail_budget_per_seat() * coalesce(sum(s.capacity), 0)) * p_share into v_messages_max
  from cafe_seats s join cafe c on c.id = s.cafe_id
  where s.state = 'open' and (p_event_id is null or c.event_id = p_event_id);

  insert into mail_budget as b (subject_id, hour, messages)
  values (coalesce(p_event_id, '00000000-0000-0000-0000-000000000000'), v_hour, p_messages)
  on conflict (subject_id, hour) do update set messages = b.messages + p_messages where b.messages < v_messages_max
  returning b.messages into v_messages;
  if v_messages is null then
    return extract(epoch from v_hour + interval '1 hour' - now());
  end if;
  if v_messages = 1 then
    delete from mail_budget b where b.hour < v_hour - interval '2 days';
  end if;
  return null;
end
$$;

-- Count a message of the outbox in the budget of this hour. Returns null where it is counted, now or before; else the seconds until the next hour.
create function mail_budget_take(p_outbox_id uuid, p_event_id uuid, p_share numeric) returns double precision language plpgsql as $$
declare
  v_seconds double precision;
begin
  if exists (select from email_delivery d where d.outbox_id = p_outbox_id and d.budget_hour is not null) then
    return null;
  end if;
  v_seconds := mail_budget_count(p_event_id, p_share, 1);
  if v_seconds is null then
    update email_delivery set budget_hour = date_trunc('hour', now(), 'UTC') where outbox_id = p_outbox_id;
  end if;
  return v_seconds;
end
$$;

-- Count a mail with a code of a guest registration in its mailbox, and (with a `p_share`: the address is not proved) in the budget of its event.
-- `fits`: the mailbox gets it; else it got its mails of this hour, and this one is never sent. `wait_seconds`: it waits for its budget, uncounted.
-- What is counted once is not counted again.
create function prove_mail_take(
  p_outbox_id uuid, p_email text, p_event_id uuid, p_share numeric, out fits boolean, out wait_seconds double precision
) language plpgsql as $$
declare
  v_mailed_at timestamptz[];
begin
  fits := true;
  if exists (select from email_delivery d where d.outbox_id = p_outbox_id and d.mailbox_at is not null) then
    return;
  end if;
  v_mailed_at := mailbox_mails_lock(p_email);
  if mailbox_full_until(v_mailed_at) is not null then
    fits := false;
    return;
  end if;
  if p_share is not null then
    wait_seconds := mail_budget_take(p_outbox_id, p_event_id, p_share);
    if wait_seconds is not null then
      return;
    end if;
  end if;
  update sign_in_mails set mailed_at = v_mailed_at || clock_timestamp() where mailbox = mailbox_of(p_email);
  update email_delivery set mailbox_at = now() where outbox_id = p_outbox_id;
end
$$;
