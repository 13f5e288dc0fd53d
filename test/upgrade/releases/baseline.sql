-- A database with the migrations up to 20261129100000_baseline; written by write-release.ts.

set check_function_bodies = off;
set session_replication_role = replica;

CREATE OR REPLACE FUNCTION public.cafe_minutes_follow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from cafe_minutes m where m.cafe_id = new.id;
  insert into cafe_minutes (cafe_id, day, minutes, count, days)
  select new.id, m.day, m.minutes, bit_count(m.minutes), count(*) over () from minutes_of(new.starts_at, new.ends_at) m;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.cafe_seats_made()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform room_slots_find((select array_agg(distinct c.room_id) from made m join cafe c on c.id = m.cafe_id));
  perform seat_event_of_cafe((select array_agg(m.cafe_id) from made m), 'organiser', null);
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.cafe_seats_open(cafe_id uuid, capacity integer, state cafe_state, waitlist_open boolean)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into cafe_seats (cafe_id, capacity, state, waitlist_open) values ($1, $2, $3, $4)
$function$
;

CREATE OR REPLACE FUNCTION public.cafe_seats_taken(asked_cafe_id uuid)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  select s.taken + s.waitlisted > 0 from cafe_seats s where s.cafe_id = asked_cafe_id for update
$function$
;

CREATE OR REPLACE FUNCTION public.cafes_around(freed_ids uuid[], named_cafe_ids uuid[])
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  freed_cafe_ids uuid[] := array(select distinct r.cafe_id from registration r where r.id = any (freed_ids));
begin
  return array(
    with own as (select unnest(freed_cafe_ids || named_cafe_ids) as cafe_id),
    around as (
      select own.cafe_id from own
      union
      select w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
      where r.id = any (freed_ids) and w.status = 'waitlisted' and not w.guest
      union
      select other.id
      from own join cafe c on c.id = own.cafe_id join cafe_seats s on s.cafe_id = c.id and s.pooled
      join cafe other on other.room_id = c.room_id and other.starts_at < c.ends_at and c.starts_at < other.ends_at
    )
    select a.cafe_id from around a order by a.cafe_id <> all (freed_cafe_ids), a.cafe_id
  );
end
$function$
;

CREATE OR REPLACE FUNCTION public.code_try(p_subject text)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_now timestamptz;
  v_tries timestamptz[];
  v_free_at timestamptz;
begin
  insert into code_tries as t (subject, tried_at) values (p_subject, '{}')
  on conflict (subject) do update set last_at = now()
  returning tried_at into v_tries;
  -- Read after the row is locked, so that tries are counted in order.
  v_now := clock_timestamp();
  v_tries := array(select tried from unnest(v_tries) tried where tried > v_now - interval '1 day' order by tried);
  v_free_at := greatest(
    v_tries[cardinality(v_tries) - 9] + interval '1 hour',
    v_tries[cardinality(v_tries) - 29] + interval '1 day'
  );
  if v_free_at > v_now then
    return ceil(extract(epoch from v_free_at - v_now));
  end if;
  update code_tries set tried_at = v_tries || v_now where subject = p_subject;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.delegate_guests_left(p_cafe_id uuid, p_delegate_id uuid)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('delegate ' || p_delegate_id::text, 0));
  return greatest(0, delegate_guests_max() - (
    select count(*)::integer
    from delegation d
    join cafe c on c.id = d.cafe_id and c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id)
    join registration r on r.delegation_id = d.id and r.guest and r.status in ('held', 'waitlisted')
    where d.attendee_id = p_delegate_id
  ));
end
$function$
;

CREATE OR REPLACE FUNCTION public.delegate_guests_max()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 20 $function$
;

CREATE OR REPLACE FUNCTION public.delegate_is_refused(p_cafe_id uuid, p_delegate_id uuid, p_attendee_id uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_attendee_id <> p_delegate_id and exists (
    select from registration r
    join delegation d on d.id = r.delegation_id and d.attendee_id = p_delegate_id
    join cafe c on c.id = r.cafe_id and c.event_id = (select mine.event_id from cafe mine where mine.id = p_cafe_id)
    where r.attendee_id = p_attendee_id and r.status in ('cancelled', 'expired') and r.cause in ('attendee', 'declined', 'swap')
  )
$function$
;

CREATE OR REPLACE FUNCTION public.delegated_seats_in_the_way(p_attendee_id uuid, p_cafe_id uuid)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$
  select case when bool_and(
    o.status = 'confirmed' and o.checked_in_at is null and d.id is not null and d.attendee_id is distinct from p_attendee_id
    and not exists (select from seat_ledger_of(o.id) l where l.cause in ('proof', 'acceptance', 'swap'))
  ) then array_agg(o.id order by o.id) end
  from cafe c cross join lateral seats_in_the_way(p_attendee_id, c.starts_at, c.ends_at) o
  left join delegation d on d.id = o.delegation_id
  where c.id = p_cafe_id
$function$
;

CREATE OR REPLACE FUNCTION public.delegation_decided(p_cafe_id uuid, p_attendee_ids uuid[], p_unproved_ids uuid[], p_refused_ids uuid[], p_delegation_id uuid, p_delegate_id uuid, p_hold_ttl interval)
 RETURNS TABLE(attendee_id uuid, outcome text, registration_id uuid)
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.delegation_fits(p_cafe_id uuid, p_fresh_ids uuid[], p_fresh_guest_ids uuid[])
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_mailboxes text[] := array(select mailbox_of(a.email) from attendee a where a.id = any (p_fresh_guest_ids));
  v_fits boolean := cardinality(p_fresh_ids) <= seats_free(p_cafe_id);
begin
  if v_fits and v_mailboxes <> '{}' then
    v_fits := cardinality(v_mailboxes) <= seats_free_for_guests(p_cafe_id) and mailboxes_fit(v_mailboxes, '{}');
    perform mailboxes_forget(v_mailboxes);
  end if;
  return v_fits;
end
$function$
;

CREATE OR REPLACE FUNCTION public.delegation_made()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into outbox (kind, attendee_id, delegation_id, cafe_id)
  select 'delegation-summary', d.attendee_id, d.id, d.cafe_id from delegation d where d.id = new.id;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.delegation_refusals(p_cafe_id uuid, p_fresh_ids uuid[], p_fresh_guest_ids uuid[], p_too_many_ids uuid[])
 RETURNS TABLE(attendee_id uuid, outcome text, registration_id uuid)
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.give_back_minutes(given_cafe_ids uuid[], given_attendee_ids uuid[], given_days integer[])
 RETURNS void
 LANGUAGE sql
 SET enable_nestloop TO 'on'
AS $function$
  with given as (
    select g.attendee_id, m.day, bit_or(m.minutes) as minutes, sum(m.count)::integer as count
    from unnest(given_cafe_ids, given_attendee_ids, given_days) as g (cafe_id, attendee_id, day)
    join cafe_minutes m on m.cafe_id = g.cafe_id
    where g.day is null or g.day = m.day
    group by g.attendee_id, m.day
  )
  update attendee_day mine set busy = mine.busy & ~given.minutes, busy_minutes = mine.busy_minutes - given.count
  from given where mine.attendee_id = given.attendee_id and mine.day = given.day
$function$
;

CREATE OR REPLACE FUNCTION public.guest_places(p_cafe_ids uuid[], p_attendee_ids uuid[])
 RETURNS integer[]
 LANGUAGE sql
 STABLE
AS $function$
  select array_agg(i.place::integer)
  from unnest(p_cafe_ids, p_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
  join registration g on g.attendee_id = i.attendee_id and g.cafe_id = i.cafe_id and g.status in ('held', 'waitlisted') and g.guest
  join cafe_seats s on s.cafe_id = g.cafe_id
  where s.state <> 'draft' and guest_registration_is_open(g) and not exists (
    select from registration own
    where own.attendee_id = i.attendee_id and own.cafe_id = i.cafe_id
      and own.status in ('held', 'offered', 'confirmed', 'waitlisted') and not own.guest
  )
$function$
;

CREATE OR REPLACE FUNCTION public.guest_registration_id(p_attendee_id uuid, p_cafe_id uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select r.id from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id and r.status in ('held', 'waitlisted') and r.guest
$function$
;

CREATE OR REPLACE FUNCTION public.guest_registration_is_open(p_registration registration)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select (p_registration).guest and (p_registration).status in ('held', 'waitlisted')
    and coalesce((p_registration).expires_at, (p_registration).prove_by, 'infinity') > seats_now()
    and exists (select from cafe c where c.id = (p_registration).cafe_id and c.ends_at > seats_now())
$function$
;

CREATE OR REPLACE FUNCTION public.guest_registration_prove(p_guest registration)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  -- People of a group that asked for `all` are given seats together.
  v_whole boolean := exists (select from delegation d where d.id = (p_guest).delegation_id and d.mode = 'all');
  v_has_seat boolean := (p_guest).status = 'held' or (not v_whole and seats_free((p_guest).cafe_id) > 0);
  v_takes_minutes boolean;
begin
  if exists (
    select from registration own
    where own.attendee_id = (p_guest).attendee_id and own.cafe_id = (p_guest).cafe_id
      and own.status in ('held', 'offered', 'confirmed', 'waitlisted') and not own.guest
  ) then
    perform seats_leave(array[(p_guest).id], 'cancelled', 'proof', null);
    return;
  end if;
  v_takes_minutes := v_has_seat and take_minutes(array[(p_guest).cafe_id], array[(p_guest).attendee_id]) <> '{}';
  update registration r set
    status = case when v_takes_minutes then 'confirmed' when r.status = 'held' then 'offered' else r.status end::registration_status,
    expires_at = case when not v_takes_minutes then r.expires_at end,
    overlapping = r.status = 'held' and not v_takes_minutes,
    guest = false, prove_by = null, cause = 'proof', changed_by = null
  where r.id = (p_guest).id;
end
$function$
;

CREATE OR REPLACE FUNCTION public.guests_in_line(p_cafe_id uuid, p_max integer)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.guests_register(p_cafe_id uuid, p_attendee_ids uuid[], p_mailboxes text[], p_hold_ttl interval, p_delegation_id uuid, p_by uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
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
    -- A seat that is free when somebody's turn comes is kept from them: they may prove their address.
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
      case when d.kept then seats_now() + interval '10 minutes' end,
      'guest', p_by, p_delegation_id, seats_now()
    from decided d where d.held or d.kept or v_seats.waitlist_open
    order by d.place
    returning id
  )
  select array_agg(m.id) into v_ids from made m;
  return coalesce(v_ids, '{}');
end
$function$
;

CREATE OR REPLACE FUNCTION public.lines_of_people_at(asked_cafe_id uuid)
 RETURNS uuid[]
 LANGUAGE sql
AS $function$
  select array(
    select distinct w.cafe_id from registration r join registration w on w.attendee_id = r.attendee_id
    where r.cafe_id = asked_cafe_id and r.status in ('offered', 'confirmed') and w.status = 'waitlisted' and not w.guest
  )
$function$
;

CREATE OR REPLACE FUNCTION public.mail_budget_count(p_event_id uuid, p_share numeric, p_messages integer)
 RETURNS double precision
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.mail_budget_least()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 1000 $function$
;

CREATE OR REPLACE FUNCTION public.mail_budget_per_seat()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 4 $function$
;

CREATE OR REPLACE FUNCTION public.mail_budget_take(p_outbox_id uuid, p_event_id uuid, p_share numeric)
 RETURNS double precision
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.mail_kind_of(was registration_status, is_now registration_status, cause seat_cause, waited boolean)
 RETURNS mail_kind
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when was = is_now then case when cause = 'move' then 'cafe-moved'::mail_kind end
    when is_now = 'held' or (is_now = 'waitlisted' and cause = 'guest') then 'prove-address'::mail_kind
    when is_now = 'waitlisted' then 'waitlisted'::mail_kind
    when is_now = 'offered' then 'offered'::mail_kind
    when is_now = 'confirmed' then case cause
      when 'line' then 'moved-up'::mail_kind when 'swap' then 'swapped'::mail_kind when 'walk-in' then null
      else 'confirmed'::mail_kind
    end
    -- Of a seat kept for a guest who asked a moment ago the mail said how long; whoever waited for one is told that it went on.
    when is_now = 'expired' then case when was = 'offered' or (was = 'held' and waited) then 'offer-expired'::mail_kind end
    when was = 'waitlisted' and cause in ('line-closed', 'cafe-closed') then 'line-closed'::mail_kind
    when cause = 'no-show' then 'seat-released'::mail_kind
    when cause in ('cafe-cancelled', 'organiser') then 'cancelled-by-organiser'::mail_kind
    -- There are not enough seats where the Café moved to.
    when cause = 'move' then 'capacity-lost'::mail_kind
    -- `proof`: a guest registration that ends because its person has one of their own in the Café.
    when cause not in ('swap', 'declined', 'proof') then 'cancelled'::mail_kind
  end
$function$
;

CREATE OR REPLACE FUNCTION public.mailbox_full_until(p_mailed_at timestamp with time zone[])
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_mailed_at[cardinality(p_mailed_at) - mailbox_mails_max() + 1] + interval '1 hour'
$function$
;

CREATE OR REPLACE FUNCTION public.mailbox_holds_count(p_attendee_ids uuid[], p_seats integer[])
 RETURNS void
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'on'
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.mailbox_holds_max()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 3 $function$
;

CREATE OR REPLACE FUNCTION public.mailbox_mails_lock(p_email text)
 RETURNS timestamp with time zone[]
 LANGUAGE plpgsql
AS $function$
declare
  v_mailed_at timestamptz[];
begin
  insert into sign_in_mails as m (mailbox) values (mailbox_of(p_email))
  on conflict (mailbox) do update set mailbox = excluded.mailbox
  returning m.mailed_at into v_mailed_at;
  return array(select mailed from unnest(v_mailed_at) mailed where mailed > clock_timestamp() - interval '1 hour' order by mailed);
end
$function$
;

CREATE OR REPLACE FUNCTION public.mailbox_mails_max()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 6 $function$
;

CREATE OR REPLACE FUNCTION public.mailbox_of(p_email text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select replace(split_part(split_part(lower(p_email), '@', 1), '+', 1), '.', '') || '@' || split_part(lower(p_email), '@', 2)
$function$
;

CREATE OR REPLACE FUNCTION public.mailboxes_fit(p_mailboxes text[], p_not_counted text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'on'
AS $function$
begin
  perform mailboxes_lock(p_mailboxes);
  return not exists (
    select from unnest(p_mailboxes) as m (mailbox) join mailbox_hold h on h.mailbox = m.mailbox
    group by h.mailbox, h.held
    having h.held + count(*) + coalesce(cardinality(array_positions(p_not_counted, h.mailbox)), 0) > mailbox_holds_max()
  );
end
$function$
;

CREATE OR REPLACE FUNCTION public.mailboxes_forget(p_mailboxes text[])
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from mailbox_hold h where h.mailbox = any (p_mailboxes) and h.held = 0
$function$
;

CREATE OR REPLACE FUNCTION public.mailboxes_lock(p_mailboxes text[])
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into mailbox_hold as mine (mailbox, held)
  select distinct m.mailbox, 0 from unnest(p_mailboxes) as m (mailbox) where m.mailbox is not null order by m.mailbox
  on conflict (mailbox) do update set held = mine.held
$function$
;

CREATE OR REPLACE FUNCTION public.minutes_of(starts_at timestamp with time zone, ends_at timestamp with time zone)
 RETURNS TABLE(day integer, minutes bit)
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select d.day, (repeat('1', 1440)::bit(1440) << (1440 - (m.next - m.first))) >> m.first
  from (select (extract(epoch from starts_at) / 60)::bigint, (extract(epoch from ends_at) / 60)::bigint) as span (first, next)
  cross join lateral generate_series((span.first / 1440)::integer, ((span.next - 1) / 1440)::integer) as d (day)
  cross join lateral (
    select greatest(span.first - d.day * 1440::bigint, 0)::integer, least(span.next - d.day * 1440::bigint, 1440)::integer
  ) as m (first, next)
$function$
;

CREATE OR REPLACE FUNCTION public.offer_expires_at(starts_at timestamp with time zone, ends_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when starts_at <= seats_now() + interval '2 hours' then least(seats_now() + interval '10 minutes', ends_at)
    else least(seats_now() + interval '4 hours', greatest(starts_at - interval '2 hours', seats_now() + interval '10 minutes'))
  end
$function$
;

CREATE OR REPLACE FUNCTION public.outbox_open(batches_max integer)
 RETURNS integer
 LANGUAGE sql
AS $function$
  with opened as (
    delete from outbox_batch b
    where b.id = any (array(select o.id from outbox_batch o order by o.id limit batches_max for update skip locked))
    returning b.*
  ),
  owed as (
    insert into outbox (id, kind, attendee_id, registration_id, challenge_id, created_at)
    select m.registration_id, b.kind, m.attendee_id, m.registration_id, m.challenge_id, b.created_at
    from opened b
    cross join lateral unnest(b.registration_ids, b.attendee_ids, b.challenge_ids) as m (registration_id, attendee_id, challenge_id)
    returning id
  )
  select count(*)::integer from owed
$function$
;

CREATE OR REPLACE FUNCTION public.outbox_worker_is_there(worker integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.classid = outbox_worker_lock()::oid and l.objid = worker::oid and l.objsubid = 2
  )
$function$
;

CREATE OR REPLACE FUNCTION public.outbox_worker_lock()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select 7212025 $function$
;

CREATE OR REPLACE FUNCTION public.own_registration_id(p_attendee_id uuid, p_cafe_id uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select r.id from registration r
  where r.attendee_id = p_attendee_id and r.cafe_id = p_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
$function$
;

CREATE OR REPLACE FUNCTION public.prove_mail_take(p_outbox_id uuid, p_email text, p_event_id uuid, p_share numeric, OUT fits boolean, OUT wait_seconds double precision)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.registration_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
AS $function$
declare
  sharing_cafe_ids uuid[];
  sharing_seats integer[];
  v_holding_ids uuid[];   -- people of whom a held seat began or ended
  v_holds integer[];
begin
  with changed as (
    select
      n.id, n.cafe_id, n.attendee_id, n.cause, n.changed_by, n.expires_at, n.overlapping, o.status as was, n.status,
      n.waitlist_number is not null as waited,
      (n.status in ('held', 'offered', 'confirmed'))::integer - (o.status in ('held', 'offered', 'confirmed'))::integer as seats,
      (n.status = 'waitlisted')::integer - (o.status = 'waitlisted')::integer as waiting,
      (n.checked_in_at is not null)::integer - (o.checked_in_at is not null)::integer as present,
      (n.status = 'held')::integer - (o.status = 'held')::integer as unproved,
      (n.guest and n.status = 'waitlisted')::integer - (o.guest and o.status = 'waitlisted')::integer as unproved_waiting,
      o.guest and o.status in ('held', 'waitlisted') and (not n.guest or n.status = 'cancelled') as was_guest,
      coalesce(o.expires_at, o.prove_by) as guest_until,
      case
        when n.status <> o.status then n.status::text
        when n.checked_in_at is not null and o.checked_in_at is null then 'checked-in'
        when n.checked_in_at is null and o.checked_in_at is not null then 'check-in-undone'
        else 'told'
      end as what
    from after_change n join before_change o on o.id = n.id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting, present = s.present + n.present,
      unproved = s.unproved + n.unproved, unproved_waiting = s.unproved_waiting + n.unproved_waiting,
      capacity = case when s.target_capacity is null then s.capacity else greatest(s.target_capacity, s.taken + n.seats) end,
      target_capacity = case when s.target_capacity < s.taken + n.seats then s.target_capacity end,
      version = s.version + 1
    from (
      select
        c.cafe_id, sum(c.seats)::integer as seats, sum(c.waiting)::integer as waiting, sum(c.present)::integer as present,
        sum(c.unproved)::integer as unproved, sum(c.unproved_waiting)::integer as unproved_waiting
      from changed c group by c.cafe_id
    ) n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select c.cafe_id from changed c))
    returning s.cafe_id, s.version, s.pooled, n.seats
  ),
  told as (
    insert into outbox (kind, attendee_id, registration_id)
    select t.kind, t.attendee_id, t.id
    from (select mail_kind_of(c.was, c.status, c.cause, c.waited) as kind, c.* from changed c) t
    where t.kind is not null
    order by t.id
  ),
  owned as (
    delete from typed_name t where t.registration_id = any (array(
      select c.id from changed c
      where c.status in ('offered', 'confirmed', 'waitlisted') and c.cause in ('proof', 'acceptance', 'swap')
    ))
  ),
  outcomes as (
    insert into guest_outcome (registration_id, status, until)
    select c.id, c.was, c.guest_until from changed c where c.was_guest
  ),
  recorded as (
    insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, expires_at, overlapping)
    select
      k.cafe_id, k.version, seats_now(), c.what, c.cause, c.changed_by, array_agg(c.id order by c.id),
      array_agg(c.attendee_id order by c.id), c.expires_at, c.overlapping
    from changed c join counted k on k.cafe_id = c.cafe_id
    group by k.cafe_id, k.version, c.what, c.cause, c.changed_by, c.expires_at, c.overlapping
  )
  select
    array_agg(k.cafe_id) filter (where k.pooled and k.seats <> 0), array_agg(k.seats) filter (where k.pooled and k.seats <> 0),
    (select array_agg(c.attendee_id) from changed c where c.unproved <> 0),
    (select array_agg(c.unproved) from changed c where c.unproved <> 0)
  into sharing_cafe_ids, sharing_seats, v_holding_ids, v_holds from counted k;
  if sharing_cafe_ids is not null then
    perform room_slots_count(sharing_cafe_ids, sharing_seats);
  end if;
  if v_holding_ids is not null then
    perform mailbox_holds_count(v_holding_ids, v_holds);
  end if;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.registration_ends_first()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  lock table registration in share row exclusive mode;
  if tg_table_name = 'attendee' then
    delete from registration r where r.attendee_id = old.id and r.status in ('cancelled', 'expired');
    delete from attendee_day where attendee_id = old.id and busy_minutes = 0;
    if exists (select from attendee_day d where d.attendee_id = old.id)
      or exists (
        select from registration r
        where r.attendee_id = old.id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
      )
      or exists (
        select from registration r where r.attendee_id = old.id and r.status in ('held', 'waitlisted') and r.guest
      )
    then
      raise exception 'this attendee has a seat or waits for one' using errcode = 'foreign_key_violation';
    end if;
  else
    if exists (select from cafe_seats s where s.cafe_id = old.id and s.taken + s.waitlisted > 0) then
      raise exception 'this Café has registrations' using errcode = 'foreign_key_violation';
    end if;
    delete from registration where cafe_id = old.id;
  end if;
  return old;
end
$function$
;

CREATE OR REPLACE FUNCTION public.registration_made()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
AS $function$
declare
  made_rows bigint;
  counted_rows bigint;    -- those of them whose Café there is
  known_attendees bigint;
  sharing boolean;
  holding boolean;          -- whether any of them is a seat held for an unproved person
begin
  with by_cafe as (
    select
      m.cafe_id, count(*) filter (where m.status <> 'waitlisted')::integer as seats,
      count(*) filter (where m.status = 'waitlisted')::integer as waiting, max(m.waitlist_number) as last_number,
      count(*) filter (where m.status = 'held')::integer as unproved,
      count(*) filter (where m.status = 'waitlisted' and m.guest)::integer as unproved_waiting
    from made m group by m.cafe_id
  ),
  counted as (
    update cafe_seats s set
      taken = s.taken + n.seats, waitlisted = s.waitlisted + n.waiting,
      unproved = s.unproved + n.unproved, unproved_waiting = s.unproved_waiting + n.unproved_waiting,
      last_waitlist_number = greatest(s.last_waitlist_number, n.last_number), version = s.version + 1
    from by_cafe n
    where s.cafe_id = n.cafe_id and s.cafe_id = any (array(select b.cafe_id from by_cafe b))
    returning s.cafe_id, s.version, n.seats + n.waiting as made_rows, s.pooled and n.seats > 0 as sharing,
      n.unproved > 0 as holding
  ),
  -- What was made alike is told alike.
  alike as (
    select
      m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping, mail_kind_of(null, m.status, m.cause, false) as kind,
      array_agg(k.cafe_id) as cafe_ids, array_agg(k.version) as versions, array_agg(m.id) as ids, array_agg(m.attendee_id) as attendee_ids,
      case when m.status = 'waitlisted' then array_agg(m.waitlist_number) else '{}' end as waitlist_numbers
    from made m join counted k on k.cafe_id = m.cafe_id
    group by m.created_at, m.status, m.cause, m.changed_by, m.expires_at, m.overlapping
  ),
  told as (
    insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids)
    select a.ids[1], a.kind, a.ids, a.attendee_ids, '{}' from alike a where a.kind is not null
  ),
  recorded as (
    insert into seat_event_made (
      at, id, status, cause, changed_by, cafe_ids, versions, registration_ids, attendee_ids, waitlist_numbers, expires_at, overlapping
    )
    select
      a.created_at, a.ids[1], a.status, a.cause, a.changed_by, a.cafe_ids, a.versions, a.ids, a.attendee_ids, a.waitlist_numbers,
      a.expires_at, a.overlapping
    from alike a
  )
  -- References, once a batch, in which each person is once. A foreign key would look at the attendee and the Café of every row by
  -- itself and write a lock into both, the largest cost of a claim (docs/adr/0005).
  select
    (select count(*) from made), coalesce(sum(k.made_rows), 0),
    (select count(*) from attendee a where a.id = any (array(select m.attendee_id from made m))), bool_or(k.sharing), bool_or(k.holding)
  into made_rows, counted_rows, known_attendees, sharing, holding from counted k;
  if counted_rows <> made_rows or known_attendees <> made_rows then
    raise exception 'a registration names an attendee or a Café that does not exist, or an attendee twice'
      using errcode = 'foreign_key_violation';
  end if;
  -- By itself, because most rooms are large enough, and a statement costs for each of its parts.
  if sharing then
    perform room_slots_count(array_agg(n.cafe_id), array_agg(n.seats))
    from (select m.cafe_id, count(*)::integer as seats from made m where m.status <> 'waitlisted' group by m.cafe_id) n;
  end if;
  if holding then
    perform mailbox_holds_count(array_agg(m.attendee_id), array_agg(1)) from made m where m.status = 'held';
  end if;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.role_change_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'rows of role_change are only added';
end
$function$
;

CREATE OR REPLACE FUNCTION public.room_slots_count(counted_cafe_ids uuid[], counted_seats integer[])
 RETURNS void
 LANGUAGE sql
 SET enable_nestloop TO 'on'
AS $function$
  update room_slot p set taken = p.taken + n.seats
  from (
    select q.room_id, q.starts_at, sum(k.seats)::integer as seats
    from unnest(counted_cafe_ids, counted_seats) as k (cafe_id, seats)
    join cafe c on c.id = k.cafe_id
    join room_slot q on q.room_id = c.room_id and q.starts_at >= c.starts_at and q.ends_at <= c.ends_at
    group by q.room_id, q.starts_at
  ) n
  where p.room_id = n.room_id and p.starts_at = n.starts_at
$function$
;

CREATE OR REPLACE FUNCTION public.room_slots_find(found_room_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from cafe_seats s
  where s.cafe_id in (select c.id from cafe c where c.room_id = any (found_room_ids)) order by s.cafe_id for update;
  delete from room_slot p where p.room_id = any (found_room_ids);

  insert into room_slot (room_id, starts_at, ends_at, capacity, taken)
  select r.id, t.starts_at, t.ends_at, r.capacity, sum(s.taken)
  from room r
  cross join lateral (
    select b.at as starts_at, lead(b.at) over (order by b.at) as ends_at
    from (
      select c.starts_at as at from cafe c where c.room_id = r.id
      union select c.ends_at from cafe c where c.room_id = r.id
    ) b
  ) t
  join cafe c on c.room_id = r.id and c.starts_at <= t.starts_at and c.ends_at >= t.ends_at
  join cafe_seats s on s.cafe_id = c.id
  where r.id = any (found_room_ids) and t.ends_at is not null
  group by r.id, t.starts_at, t.ends_at, r.capacity
  having sum(s.capacity) > r.capacity;

  update cafe_seats s set pooled = f.pooled
  from (
    select c.id, exists (
      select from room_slot p where p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
    ) as pooled
    from cafe c where c.room_id = any (found_room_ids)
  ) f
  where s.cafe_id = f.id and s.pooled <> f.pooled;
end
$function$
;

CREATE OR REPLACE FUNCTION public.room_slots_follow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_table_name = 'room' then
    perform room_slots_find(array[new.id]);
  elsif tg_op = 'DELETE' then
    perform room_slots_find(array[old.room_id]);
  else
    perform room_slots_find(array[old.room_id, new.room_id]);
    update cafe_seats s set version = s.version + 1 where s.cafe_id = new.id;
    perform seat_event_of_cafe(array[new.id], 'move', null);
  end if;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.room_slots_lock(locked_cafe_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET enable_nestloop TO 'on'
AS $function$
begin
  perform 1 from room_slot p
  where exists (
    select from cafe c
    where c.id = any (locked_cafe_ids) and p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  )
  order by p.room_id, p.starts_at for update;
end
$function$
;

CREATE OR REPLACE FUNCTION public.room_slots_of(asked_cafe_id uuid)
 RETURNS TABLE(starts_at timestamp with time zone, capacity integer, taken integer, version bigint, cafe_ids uuid[])
 LANGUAGE sql
 STABLE
AS $function$
  select p.starts_at, p.capacity, p.taken, sum(s.version)::bigint, array_agg(o.id order by o.id)
  from cafe c
  join room_slot p on p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  join cafe o on o.room_id = p.room_id and o.starts_at <= p.starts_at and o.ends_at >= p.ends_at
  join cafe_seats s on s.cafe_id = o.id and s.state <> 'draft'
  where c.id = asked_cafe_id
  group by p.starts_at, p.capacity, p.taken
$function$
;

CREATE OR REPLACE FUNCTION public.seat_event_of_cafe(told_cafe_ids uuid[], told_cause seat_cause, told_by uuid)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into seat_event (cafe_id, version, at, what, cause, changed_by, registration_ids, attendee_ids, cafe)
  select
    s.cafe_id, s.version, seats_now(), 'cafe', told_cause, told_by, '{}', '{}',
    jsonb_build_object(
      'capacity', s.capacity, 'target', s.target_capacity, 'state', s.state, 'waitlistOpen', s.waitlist_open,
      'roomId', c.room_id, 'startsAt', c.starts_at, 'endsAt', c.ends_at
    )
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = any (told_cafe_ids)
$function$
;

CREATE OR REPLACE FUNCTION public.seat_ledger_of(told_registration_id uuid)
 RETURNS TABLE(version bigint, id bigint, at timestamp with time zone, what text, cause seat_cause, waitlist_number integer)
 LANGUAGE sql
 STABLE
AS $function$
  select e.versions[p.place], null::bigint, e.at, e.status::text, e.cause, e.waitlist_numbers[p.place]
  from registration r
  join seat_event_made e on e.at = r.created_at
  cross join lateral (select array_position(e.registration_ids, r.id) as place) p
  where r.id = told_registration_id and p.place is not null
  union all
  select e.version, e.id, e.at, e.what, e.cause, null
  from registration r join seat_event e on e.cafe_id = r.cafe_id and r.id = any (e.registration_ids)
  where r.id = told_registration_id
$function$
;

CREATE OR REPLACE FUNCTION public.seats_absent(p_cafe_id uuid, p_registration_ids uuid[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(array_agg(r.id order by i.place), '{}')
  from unnest(p_registration_ids) with ordinality as i (id, place)
  join registration r on r.id = i.id
  where r.cafe_id = p_cafe_id and r.status = 'confirmed' and r.checked_in_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.seats_accept(accepted_id uuid, accepting_attendee_id uuid)
 RETURNS TABLE(outcome text, registration_ids uuid[])
 LANGUAGE plpgsql
AS $function$
declare
  offer registration;
  leaving_ids uuid[];
  locked_cafe_ids uuid[];
  from_at timestamptz;
  until_at timestamptz;
begin
  select c.starts_at, c.ends_at into from_at, until_at from registration r join cafe c on c.id = r.cafe_id where r.id = accepted_id;
  select array_agg(w.id order by w.id) into leaving_ids
  from seats_in_the_way(accepting_attendee_id, from_at, until_at) w where w.id <> accepted_id;
  locked_cafe_ids := seats_lock_around(leaving_ids || accepted_id, '{}');

  select * into offer from registration r where r.id = accepted_id;
  if offer.attendee_id is distinct from accepting_attendee_id then
    return query select 'registration-not-found', null::uuid[];
    return;
  elsif offer.status = 'confirmed' then
    return query select 'offer-accepted', null::uuid[];
    return;
  elsif offer.status = 'expired' or (offer.status = 'offered' and least(offer.expires_at, until_at) <= seats_now()) then
    return query select 'offer-expired', null::uuid[];
    return;
  elsif offer.status <> 'offered' then
    return query select 'no-offer', null::uuid[];
    return;
  end if;
  -- Their plan or the programme changed before we had the locks: decide again.
  if not exists (select from cafe c where c.id = offer.cafe_id and c.starts_at = from_at and c.ends_at = until_at)
    or leaving_ids is distinct from (
    select array_agg(w.id order by w.id) from seats_in_the_way(accepting_attendee_id, from_at, until_at) w where w.id <> accepted_id
  ) then
    raise exception 'the plan changed' using errcode = 'serialization_failure';
  end if;
  -- A seat in which the person sits already is not given back from afar.
  if exists (select from registration r where r.id = any (leaving_ids) and r.checked_in_at is not null) then
    return query select 'schedule-clash', null::uuid[];
    return;
  end if;

  registration_ids := coalesce(seats_leave(leaving_ids, 'cancelled', 'swap', null), '{}') || accepted_id;
  if offer.overlapping and take_minutes(array[offer.cafe_id], array[accepting_attendee_id]) = '{}' then
    raise exception 'the plan changed' using errcode = 'serialization_failure';
  end if;
  update registration r set
    status = 'confirmed', expires_at = null, overlapping = false, changed_by = null,
    cause = case when leaving_ids is null then 'acceptance' else 'swap' end::seat_cause
  where r.id = accepted_id;
  outcome := 'accepted';
  registration_ids := registration_ids || seats_move_up(locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_apply_change(p_change_id uuid)
 RETURNS TABLE(registration_id uuid, attendee_id uuid, cafe_id uuid)
 LANGUAGE plpgsql
AS $function$
declare
  v_change pending_change;
  v_locked_cafe_ids uuid[];
  v_ending_ids uuid[];
  v_takes integer;
  v_changed_ids uuid[];
begin
  select * into v_change from pending_change p where p.id = p_change_id;
  -- Seats become free where a Café is cancelled, or seats are released. Where its cause changed before it was locked, it is not due.
  v_locked_cafe_ids := seats_lock_event(v_change.cafe_id, v_change.cause in ('no-show', 'cafe-cancelled'));
  delete from pending_change p
  where p.id = p_change_id and p.cause = v_change.cause and p.applies_at <= seats_now() returning * into v_change;
  if not found then
    return;
  end if;
  if v_change.cause = 'no-show' then
    v_ending_ids := seats_absent(v_change.cafe_id, v_change.registration_ids);
    loop
      v_takes := seats_waitlist_would_take(v_change.cafe_id, v_ending_ids);
      exit when v_takes >= cardinality(v_ending_ids);
      v_ending_ids := v_ending_ids[1:v_takes];
    end loop;
  else
    v_ending_ids := array(
      select r.id from registration r
      where r.cafe_id = v_change.cafe_id
        and (r.status = 'waitlisted' or (v_change.cause = 'cafe-cancelled' and r.status in ('held', 'offered', 'confirmed')))
    );
  end if;
  v_changed_ids := seats_leave(v_ending_ids, 'cancelled', v_change.cause, v_change.changed_by);
  v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_change_cafe(p_cafe_id uuid, p_capacity integer, p_as_target boolean, p_state cafe_state, p_waitlist_open boolean, p_by uuid, p_expected_taken integer DEFAULT NULL::integer, p_expected_waitlisted integer DEFAULT NULL::integer, p_undoable boolean DEFAULT false)
 RETURNS TABLE(outcome text, taken integer, waitlisted integer, room_capacity integer, registration_ids uuid[])
 LANGUAGE plpgsql
AS $function$
declare
  v_locked_cafe_ids uuid[];
  v_before cafe_seats;
  v_room_id uuid;
  v_change_id uuid;
begin
  -- Seats become free here only where a cancellation is applied: this one, or a pending one.
  v_locked_cafe_ids := seats_lock_event(p_cafe_id, not p_undoable and (
    p_state is not distinct from 'cancelled'
    or exists (select from pending_change p where p.cafe_id = p_cafe_id and p.cause = 'cafe-cancelled')
  ));
  select * into v_before from cafe_seats s where s.cafe_id = p_cafe_id;
  select r.id, r.capacity into v_room_id, room_capacity from cafe c join room r on r.id = c.room_id where c.id = p_cafe_id;
  taken := v_before.taken;
  waitlisted := v_before.waitlisted;
  outcome := case
    when v_before.cafe_id is null then 'cafe-not-found'
    when p_expected_taken <> taken or p_expected_waitlisted <> waitlisted then 'counts-changed'
    when p_capacity > room_capacity then 'capacity-above-room'
    when p_capacity < taken and not p_as_target and p_state is distinct from 'cancelled' then 'capacity-below-taken'
    when p_state = 'draft' and taken + waitlisted > 0 then 'has-registrations'
    else 'changed'
  end;
  if outcome <> 'changed' then
    return next;
    return;
  end if;
  registration_ids := '{}';
  if p_capacity is not null then
    update cafe_seats s set
      capacity = greatest(p_capacity, s.taken), target_capacity = case when p_capacity < s.taken then p_capacity end,
      version = s.version + 1
    where s.cafe_id = p_cafe_id;
    perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
    perform room_slots_find(array[v_room_id]);
    -- Seats that are added go to the waitlist, also when it is closed in the same call.
    if p_state is distinct from 'cancelled' then
      registration_ids := seats_move_up(array[p_cafe_id]);
    end if;
  end if;
  update cafe_seats s set
    state = coalesce(p_state, s.state), waitlist_open = coalesce(p_waitlist_open, s.waitlist_open), version = s.version + 1
  where s.cafe_id = p_cafe_id;
  perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
  v_change_id := seats_end_later(v_before, p_by, p_undoable);
  if not p_undoable then
    registration_ids := registration_ids || array(select a.registration_id from seats_apply_change(v_change_id) a);
  end if;
  registration_ids := registration_ids || seats_move_up(v_locked_cafe_ids);
  perform pg_notify('outbox', '');
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_changes_due(p_max integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
AS $function$
  select p.id from pending_change p where p.applies_at <= seats_now() order by p.applies_at, p.id limit p_max
$function$
;

CREATE OR REPLACE FUNCTION public.seats_check_in(checked_registration_id uuid, door_cafe_id uuid, checking_attendee_id uuid)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  found_registration registration;
begin
  perform 1 from cafe_seats s
  where s.cafe_id = (select r.cafe_id from registration r where r.id = checked_registration_id) for update;
  select * into found_registration from registration r where r.id = checked_registration_id;
  if found_registration.id is null then return 'registration-not-found'; end if;
  if found_registration.cafe_id <> door_cafe_id then return 'wrong-cafe'; end if;
  if found_registration.status <> 'confirmed' then return 'not-confirmed'; end if;
  if found_registration.checked_in_at is not null then return 'already-checked-in'; end if;

  update registration r
  set checked_in_at = seats_now(), cause = 'check-in', changed_by = checking_attendee_id
  where r.id = checked_registration_id;
  return 'checked-in';
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_claim(claimed_cafe_ids uuid[], claiming_attendee_ids uuid[], claimed_delegation_id uuid DEFAULT NULL::uuid, claiming_by uuid DEFAULT NULL::uuid)
 RETURNS TABLE(outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[], status registration_status, expires_at timestamp with time zone, checked_in_at timestamp with time zone, created_at timestamp with time zone, event_id uuid, starts_at timestamp with time zone, ends_at timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  fresh_places integer[];   -- claims on open Cafés by people who are not in them yet
  open_places integer[];    -- those of them not decided yet
  open_ids uuid[];          -- what their registrations will be called
  giving boolean;           -- whether any of their Cafés has a seat left
  lining boolean;           -- whether any has a line to wait in
  scarce boolean;           -- whether any may have too few seats for all of them, by itself or with others of its room
  tried_places integer[];   -- those who are given a seat if they are free at that time
  tried_cafe_ids uuid[];
  tried_attendee_ids uuid[];
  tried_ids uuid[];
  seated_attendee_ids uuid[];
  given_now integer[];
  given_now_ids uuid[];
  given_places integer[] := '{}';
  given_ids uuid[] := '{}';
  clashing_places integer[] := '{}';
  lined_places integer[];
  lined_ids uuid[];
  lined_numbers integer[];
  alike boolean;            -- whether all Cafés that are open run at the time of the first claim's, in the same event
  claim_cause seat_cause := case when claimed_delegation_id is null then 'claim' else 'delegation' end;
  v_guests boolean;         -- whether any of their Cafés has guest registrations
  v_guest_places integer[]; -- claims by people who have one there that is not over, and none of their own
  sibling text;             -- from which the id of the registration at each place is made
begin
  -- The one lock: from here on nobody else gives or frees a seat of these Cafés until we commit.
  select bool_or(l.unproved + l.unproved_waiting > 0) into v_guests
  from (
    select s.unproved, s.unproved_waiting from cafe_seats s where s.cafe_id = any (claimed_cafe_ids) order by s.cafe_id for update
  ) l;
  if v_guests and claimed_delegation_id is null then
    v_guest_places := guest_places(claimed_cafe_ids, claiming_attendee_ids);
    -- As those who clash: they are not given a seat here.
    clashing_places := coalesce(v_guest_places, '{}');
  end if;
  sibling := uuidv7();
  select c.event_id, c.starts_at, c.ends_at into event_id, starts_at, ends_at from cafe c where c.id = claimed_cafe_ids[1];

  -- Free seats go to the first who ask. Somebody who turns out to sit elsewhere at that time leaves the seat to the
  -- next, hence the loop; it goes round once where nobody clashes, and each round decides at least one claim.
  loop
    select
      array_agg(i.place::integer), array_agg(sibling_id(sibling, i.place)), bool_or(s.capacity > s.taken), bool_or(s.waitlist_open),
      bool_or(s.pooled or s.capacity - s.taken < cardinality(claimed_cafe_ids)),
      coalesce(alike, bool_and(
        c.starts_at = seats_claim.starts_at and c.ends_at = seats_claim.ends_at and c.event_id = seats_claim.event_id
      ))
    into open_places, open_ids, giving, lining, scarce, alike
    from unnest(claimed_cafe_ids, claiming_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
    join cafe_seats s on s.cafe_id = i.cafe_id and s.cafe_id = any (claimed_cafe_ids)
    join cafe c on c.id = i.cafe_id and c.id = any (claimed_cafe_ids)
    where s.state = 'open' and c.ends_at > seats_now() and i.place <> all (clashing_places)
      and (
        select r.id from registration r
        where r.attendee_id = i.attendee_id and r.cafe_id = i.cafe_id
          and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest
      ) is null;
    fresh_places := coalesce(fresh_places, open_places);
    tried_places := case when giving then open_places end;
    tried_ids := open_ids;
    if scarce and giving then
      perform room_slots_lock(claimed_cafe_ids);
      tried_places := seats_to_give(claimed_cafe_ids, open_places);
      select array_agg(sibling_id(sibling, t.place)) into tried_ids from unnest(tried_places) as t (place);
    end if;
    -- Who may have to wait: if they give a seat back at this moment they are waited for, or wait for us: one of the two sees the other
    -- (seats_lock_around).
    if scarce and lining and seated_attendee_ids is null then
      perform 1 from registration r
      where r.attendee_id = any (array(
          select claiming_attendee_ids[o.place] from unnest(open_places) as o (place) where o.place <> all (coalesce(tried_places, '{}'))
        ))
        and r.status in ('offered', 'confirmed') and not r.guest
      order by r.id for share;
    end if;
    exit when tried_places is null;

    if cardinality(tried_places) = cardinality(claimed_cafe_ids) then
      tried_cafe_ids := claimed_cafe_ids;
      tried_attendee_ids := claiming_attendee_ids;
    else
      select array_agg(claimed_cafe_ids[t.place]), array_agg(claiming_attendee_ids[t.place])
      into tried_cafe_ids, tried_attendee_ids from unnest(tried_places) as t (place);
    end if;
    seated_attendee_ids := take_minutes(tried_cafe_ids, tried_attendee_ids);
    given_now := tried_places;
    given_now_ids := tried_ids;
    if cardinality(seated_attendee_ids) < cardinality(tried_places) then
      select
        array_agg(t.place) filter (where t.seated), array_agg(t.id) filter (where t.seated),
        clashing_places || array_agg(t.place) filter (where not t.seated)
      into given_now, given_now_ids, clashing_places
      from (
        select t.place, t.id, claiming_attendee_ids[t.place] = any (seated_attendee_ids) as seated
        from unnest(tried_places, tried_ids) as t (place, id)
      ) t;
    end if;
    if given_now is not null then
      insert into registration (id, cafe_id, attendee_id, status, cause, changed_by, delegation_id, created_at)
      select
        g.id, claimed_cafe_ids[g.place], claiming_attendee_ids[g.place], 'confirmed', claim_cause,
        claiming_by, claimed_delegation_id, seats_now()
      from unnest(given_now, given_now_ids) as g (place, id);
      given_places := given_places || given_now;
      given_ids := given_ids || given_now_ids;
    end if;
    if cardinality(tried_places) = cardinality(open_places) then
      open_places := null;
      exit;
    end if;
  end loop;

  -- The rest wait, in the same order, where there is a line to wait in.
  if open_places is not null and lining then
    select array_agg(l.place), array_agg(sibling_id(sibling, l.place)), array_agg(l.number) into lined_places, lined_ids, lined_numbers
    from (
      select o.place, s.last_waitlist_number + row_number() over (partition by s.cafe_id order by o.place) as number
      from unnest(open_places) as o (place) join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place]
      where s.waitlist_open and s.cafe_id = any (claimed_cafe_ids)
    ) l;
    if lined_ids is not null then
      insert into registration (id, cafe_id, attendee_id, status, waitlist_number, cause, changed_by, delegation_id, created_at)
      select
        l.id, claimed_cafe_ids[l.place], claiming_attendee_ids[l.place], 'waitlisted', l.number, claim_cause,
        claiming_by, claimed_delegation_id, seats_now()
      from unnest(lined_places, lined_ids, lined_numbers) as l (place, id, number);
    end if;
  end if;

  -- What was made here is told from here; only the other answers need to look.
  if given_ids <> '{}' and alike then
    outcome := 'created';
    places := given_places;
    registration_ids := given_ids;
    status := 'confirmed';
    created_at := seats_now();
    return next;
  elsif given_ids <> '{}' then
    return query
    select
      'created', array_agg(g.place), array_agg(g.id), null::integer[],
      'confirmed'::registration_status, null::timestamptz, null::timestamptz, seats_now(),
      c.event_id, c.starts_at, c.ends_at
    from (
      select t.place, t.id, claimed_cafe_ids[t.place] as cafe_id
      from unnest(given_places, given_ids) as t (place, id)
    ) g
    join cafe c on c.id = g.cafe_id
    where c.id = any (claimed_cafe_ids)
    group by c.event_id, c.starts_at, c.ends_at;
  end if;
  if lined_ids is not null then
    return query
    select
      'created', array_agg(l.place), array_agg(l.id),
      -- Whoever joined in this batch is at the end of the line, with nobody missing in between.
      array_agg(s.waitlisted - (s.last_waitlist_number - l.number)),
      'waitlisted'::registration_status, null::timestamptz, null::timestamptz, seats_now(), c.event_id, c.starts_at, c.ends_at
    from unnest(lined_places, lined_ids, lined_numbers) as l (place, id, number)
    join cafe_seats s on s.cafe_id = claimed_cafe_ids[l.place]
    join cafe c on c.id = s.cafe_id
    where s.cafe_id = any (claimed_cafe_ids) and c.id = any (claimed_cafe_ids)
    group by c.event_id, c.starts_at, c.ends_at;
  end if;
  if given_ids <> '{}' or lined_ids is not null then
    perform pg_notify('outbox', '');
  end if;
  if lined_ids is null and cardinality(given_ids) + cardinality(open_places) = cardinality(claimed_cafe_ids) then
    -- Everybody else came too late, and there is no line to wait in.
    outcome := 'cafe-full';
    places := open_places;
    registration_ids := null;
    status := null;
    created_at := null;
    event_id := null;
    starts_at := null;
    ends_at := null;
    return next;
  elsif cardinality(given_ids || lined_ids) < cardinality(claimed_cafe_ids) then
    return query
    with answer as (
      select
        case
          when s.cafe_id is null or s.state = 'draft' then 'cafe-not-found'
          when i.place = any (v_guest_places) then 'guest-registration'
          when r.id is not null then 'existing'
          when f.place is null then 'cafe-not-open'
          when i.place in (select c.place from unnest(clashing_places) as c (place)) then 'schedule-clash'
          else 'cafe-full'
        end as outcome,
        i.place::integer, r.id, r.status, r.expires_at, r.checked_in_at, r.created_at,
        case when r.status = 'waitlisted' then waitlist_position(r.cafe_id, r.waitlist_number) end as position,
        case when r.id is not null then c.event_id end as event_id,
        case when r.id is not null then c.starts_at end as starts_at, case when r.id is not null then c.ends_at end as ends_at
      from unnest(claimed_cafe_ids, claiming_attendee_ids) with ordinality as i (cafe_id, attendee_id, place)
      left join unnest(given_places || lined_places) as d (place) on d.place = i.place
      left join cafe_seats s on s.cafe_id = i.cafe_id and s.cafe_id = any (claimed_cafe_ids)
      left join cafe c on c.id = i.cafe_id and c.id = any (claimed_cafe_ids)
      left join unnest(fresh_places) as f (place) on f.place = i.place
      left join lateral (
        select * from registration mine
        where f.place is null and mine.attendee_id = i.attendee_id and mine.cafe_id = i.cafe_id
          and mine.status in ('held', 'offered', 'confirmed', 'waitlisted') and not mine.guest
        union all
        select * from registration theirs
        where i.place = any (v_guest_places) and theirs.attendee_id = i.attendee_id and theirs.cafe_id = i.cafe_id
          and theirs.status in ('held', 'waitlisted') and theirs.guest
        limit 1
      ) r on true
      where d.place is null
    )
    select
      a.outcome, array_agg(a.place), array_agg(a.id), array_agg(a.position), a.status, a.expires_at, a.checked_in_at, a.created_at,
      a.event_id, a.starts_at, a.ends_at
    from answer a
    group by a.outcome, a.status, a.expires_at, a.checked_in_at, a.created_at, a.event_id, a.starts_at, a.ends_at;
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_claim_guests(p_cafe_ids uuid[], p_attendee_ids uuid[], p_hold_ttl interval, p_delegation_id uuid DEFAULT NULL::uuid, p_by uuid DEFAULT NULL::uuid, p_names text[] DEFAULT NULL::text[], p_organisations text[] DEFAULT NULL::text[])
 RETURNS TABLE(outcome text, places integer[], registration_ids uuid[], waitlist_positions integer[], status registration_status, expires_at timestamp with time zone, checked_in_at timestamp with time zone, created_at timestamp with time zone, event_id uuid, starts_at timestamp with time zone, ends_at timestamp with time zone, prove_by timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_mailboxes text[] := array(
    select mailbox_of(a.email)
    from unnest(p_attendee_ids) with ordinality as i (id, place) left join attendee a on a.id = i.id order by i.place
  );
  v_claims record;   -- those on one Café
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
  perform mailboxes_forget(v_mailboxes);
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
      -- Those who joined just now are at the end of the line, with nobody missing in between.
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
$function$
;

CREATE OR REPLACE FUNCTION public.seats_claim_together(p_cafe_id uuid, p_attendee_ids uuid[], p_mode delegation_mode, p_delegate_id uuid, p_hold_ttl interval, p_names text[] DEFAULT NULL::text[], p_organisations text[] DEFAULT NULL::text[])
 RETURNS TABLE(attendee_id uuid, outcome text, registration_id uuid)
 LANGUAGE plpgsql
AS $function$
declare
  v_unproved_ids uuid[] := array(
    select a.id from unnest(p_attendee_ids) with ordinality as i (id, place) join attendee a on a.id = i.id
    where a.email_proved_at is null or delegate_is_refused(p_cafe_id, p_delegate_id, a.id) order by i.place
  );
  v_guests_left integer := case when v_unproved_ids <> '{}' then delegate_guests_left(p_cafe_id, p_delegate_id) end;
  v_delegation_id uuid := uuidv7();
  v_fresh_ids uuid[];         -- those who are not in the Café yet
  v_fresh_guest_ids uuid[];   -- of these, those who get guest registrations
  v_refused_ids uuid[] := '{}';
  v_seats cafe_seats;
  v_takes boolean;
begin
  select s.* into v_seats from cafe_seats s where s.cafe_id = p_cafe_id for update;
  v_takes := v_seats.state = 'open' and exists (select from cafe c where c.id = p_cafe_id and c.ends_at > seats_now());
  if v_seats.pooled then
    perform room_slots_lock(array[p_cafe_id]);
  end if;
  select
    coalesce(array_agg(i.id order by i.place), '{}'),
    coalesce(array_agg(i.id order by i.place) filter (where i.id = any (v_unproved_ids)), '{}')
  into v_fresh_ids, v_fresh_guest_ids
  from unnest(p_attendee_ids) with ordinality as i (id, place)
  where own_registration_id(i.id, p_cafe_id) is null
    and (i.id <> all (v_unproved_ids) or guest_registration_id(i.id, p_cafe_id) is null);

  if v_takes then
    v_refused_ids := v_fresh_guest_ids[v_guests_left + 1:];
  end if;
  if v_takes and p_mode = 'all' then
    return query select r.* from delegation_refusals(p_cafe_id, v_fresh_ids, v_fresh_guest_ids, v_refused_ids) r;
    if found then
      return;
    end if;
  end if;

  if v_fresh_ids <> '{}' and v_seats.cafe_id is not null then
    insert into delegation (id, cafe_id, attendee_id, mode) values (v_delegation_id, p_cafe_id, p_delegate_id, p_mode);
  end if;
  if v_takes and p_mode = 'all' and not delegation_fits(p_cafe_id, v_fresh_ids, v_fresh_guest_ids) then
    insert into registration (cafe_id, attendee_id, status, guest, waitlist_number, cause, changed_by, delegation_id, created_at)
    select
      p_cafe_id, f.id, 'waitlisted', f.id = any (v_fresh_guest_ids), v_seats.last_waitlist_number + f.place,
      case when f.id = any (v_fresh_guest_ids) then 'guest' else 'delegation' end::seat_cause, p_delegate_id, v_delegation_id, seats_now()
    from unnest(v_fresh_ids) with ordinality as f (id, place) order by f.place;
    perform pg_notify('outbox', '');
  end if;
  -- Those put in line just now are there already.
  return query
  select d.attendee_id, case when d.attendee_id = any (v_fresh_ids) and d.outcome = 'existing' then 'created' else d.outcome end, d.registration_id
  from delegation_decided(p_cafe_id, p_attendee_ids, v_unproved_ids, v_refused_ids, v_delegation_id, p_delegate_id, p_hold_ttl) d;
  -- One of them took a seat elsewhere meanwhile: not all, so none.
  if v_takes and p_mode = 'all' and exists (
    select from unnest(v_fresh_ids) as f (id) where not exists (
      select from registration r where r.delegation_id = v_delegation_id and r.attendee_id = f.id
    )
  ) then
    raise exception 'the plan of one of them changed' using errcode = 'serialization_failure';
  end if;
  insert into typed_name (registration_id, name, organisation)
  select r.id, i.name, i.organisation
  from unnest(p_attendee_ids, p_names, p_organisations) as i (attendee_id, name, organisation)
  join registration r on r.delegation_id = v_delegation_id and r.attendee_id = i.attendee_id
  where i.attendee_id <> p_delegate_id and i.name is not null;
  delete from delegation d
  where d.id = v_delegation_id and not exists (select from registration r where r.delegation_id = v_delegation_id);
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_clashing(moved_cafe_id uuid, new_starts_at timestamp with time zone, new_ends_at timestamp with time zone)
 RETURNS TABLE(registration_id uuid, attendee_id uuid, other_registration_id uuid, other_cafe_id uuid)
 LANGUAGE sql
 STABLE
AS $function$
  select r.id, r.attendee_id, o.id, o.cafe_id
  from registration r cross join lateral seats_in_the_way(r.attendee_id, new_starts_at, new_ends_at) o
  where r.cafe_id = moved_cafe_id and r.status in ('offered', 'confirmed') and o.id <> r.id
$function$
;

CREATE OR REPLACE FUNCTION public.seats_due(due_max integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
AS $function$
  select due.id from (
    (select r.id from registration r where r.expires_at <= seats_now() order by r.expires_at limit due_max)
    union all
    (select r.id from registration r where r.prove_by <= seats_now() order by r.prove_by limit due_max)
    union all
    (
      select r.id from cafe_seats s join cafe c on c.id = s.cafe_id join registration r on r.cafe_id = s.cafe_id
      where s.waitlisted > 0 and c.ends_at <= seats_now() and r.status = 'waitlisted'
      limit due_max
    )
  ) due limit due_max
$function$
;

CREATE OR REPLACE FUNCTION public.seats_end(ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid)
 RETURNS TABLE(registration_id uuid, attendee_id uuid, cafe_id uuid)
 LANGUAGE plpgsql
AS $function$
declare
  locked_cafe_ids uuid[];
  changed_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(ended_ids, '{}');
  changed_ids := seats_leave(ended_ids, ended_as, ended_cause, ended_by);
  if changed_ids is not null then
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (changed_ids);
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_end_later(p_before cafe_seats, p_by uuid, p_undoable boolean)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
declare
  v_after cafe_seats;
  v_cause seat_cause;
  v_change_id uuid;
begin
  select * into v_after from cafe_seats s where s.cafe_id = p_before.cafe_id;
  v_cause := case
    when v_after.state = 'cancelled' and v_after.taken + v_after.waitlisted > 0 then 'cafe-cancelled'
    when v_after.waitlisted = 0 then null
    when v_after.state = 'closed' then 'cafe-closed'
    when not v_after.waitlist_open then 'line-closed'
  end;
  if v_cause is null then
    delete from pending_change p where p.cafe_id = p_before.cafe_id and p.cause <> 'no-show';
    return null;
  end if;
  insert into pending_change as mine (cafe_id, cause, state_before, waitlist_open_before, changed_by, applies_at)
  values (
    p_before.cafe_id, v_cause, p_before.state, p_before.waitlist_open, p_by,
    seats_now() + case when p_undoable then seats_undo_window() else '0' end
  )
  on conflict (cafe_id) where cause <> 'no-show' do update
    set id = excluded.id, cause = excluded.cause, covers_earlier = true, changed_by = excluded.changed_by,
      applies_at = excluded.applies_at
    where v_after.state <> p_before.state or v_after.waitlist_open <> p_before.waitlist_open or not p_undoable
  returning mine.id into v_change_id;
  return v_change_id;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_expire_due(ended_max integer)
 RETURNS TABLE(registration_id uuid, attendee_id uuid, cafe_id uuid)
 LANGUAGE sql
AS $function$
  select e.* from seats_end((select array_agg(d.id) from seats_due(ended_max) as d (id)), 'expired', 'expiry', null) e
$function$
;

CREATE OR REPLACE FUNCTION public.seats_free(asked_cafe_id uuid)
 RETURNS integer
 LANGUAGE sql
AS $function$
  select least(s.capacity - s.taken, (
    select min(p.capacity - p.taken) from room_slot p
    where s.pooled and p.room_id = c.room_id and p.starts_at >= c.starts_at and p.ends_at <= c.ends_at
  ))
  from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = asked_cafe_id
$function$
;

CREATE OR REPLACE FUNCTION public.seats_free_for_guests(p_cafe_id uuid)
 RETURNS integer
 LANGUAGE sql
AS $function$
  select least(seats_free(p_cafe_id), ceil(s.capacity * e.unproved_share_percent / 100.0)::integer - s.unproved)
  from cafe_seats s join cafe c on c.id = s.cafe_id join event e on e.id = c.event_id where s.cafe_id = p_cafe_id
$function$
;

CREATE OR REPLACE FUNCTION public.seats_in_the_way(asked_attendee_id uuid, from_at timestamp with time zone, until_at timestamp with time zone)
 RETURNS SETOF registration
 LANGUAGE sql
 STABLE
AS $function$
  select r.* from registration r join cafe c on c.id = r.cafe_id
  where r.attendee_id = asked_attendee_id and r.status in ('offered', 'confirmed') and not r.guest and not r.overlapping
    and c.starts_at < until_at and from_at < c.ends_at
$function$
;

CREATE OR REPLACE FUNCTION public.seats_leave(ended_ids uuid[], ended_as registration_status, ended_cause seat_cause, ended_by uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  changed_ids uuid[];
  freed_cafe_ids uuid[];
  freed_attendee_ids uuid[];
begin
  with ended as (
    update registration r set
      status = ended_as, expires_at = null, checked_in_at = null, overlapping = false, prove_by = null,
      cause = case when ended_cause = 'attendee' and r.status = 'offered' then 'declined' else ended_cause end, changed_by = ended_by
    where r.id = any (ended_ids)
      and case
        when ended_as = 'expired' and r.status = 'waitlisted'
          then r.prove_by <= seats_now() or (select c.ends_at from cafe c where c.id = r.cafe_id) <= seats_now()
        when ended_as = 'expired' then r.status in ('held', 'offered') and r.expires_at <= seats_now()
        -- Accepted meanwhile: it is no offer any more, and a seat is not given back by a no to an offer.
        when ended_cause = 'declined' then r.status = 'offered'
        else r.status in ('held', 'offered', 'confirmed', 'waitlisted')
      end
    returning r.id, r.cafe_id, r.attendee_id, old.status <> 'waitlisted' and not old.overlapping and not old.guest as had_minutes
  )
  select array_agg(e.id), array_agg(e.cafe_id) filter (where e.had_minutes), array_agg(e.attendee_id) filter (where e.had_minutes)
  into changed_ids, freed_cafe_ids, freed_attendee_ids
  from ended e;
  if freed_cafe_ids is not null then
    perform give_back_minutes(freed_cafe_ids, freed_attendee_ids, array_fill(null::integer, array[cardinality(freed_cafe_ids)]));
  end if;
  return changed_ids;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_lock_around(freed_ids uuid[], named_cafe_ids uuid[])
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  locked_cafe_ids uuid[] := cafes_around(freed_ids, named_cafe_ids);
begin
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(locked_cafe_ids);
  perform 1 from registration r where r.id = any (freed_ids) order by r.id for update;
  -- Somebody joined another line while we waited: it would not be looked at when they become free for it. From here on, whoever had
  -- one of these seats when they asked joins a line after our commit (seats_claim).
  if not cafes_around(freed_ids, named_cafe_ids) <@ locked_cafe_ids then
    raise exception 'the lines changed' using errcode = 'serialization_failure';
  end if;
  return locked_cafe_ids;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_lock_event(first_cafe_id uuid, freeing boolean)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  locked_cafe_ids uuid[];
  elsewhere_ids uuid[] := case when freeing then lines_of_people_at(first_cafe_id) end;
begin
  select array_agg(c.id order by c.id <> first_cafe_id, c.id) into locked_cafe_ids
  from cafe c
  where c.event_id = (select mine.event_id from cafe mine where mine.id = first_cafe_id) or c.id = any (elsewhere_ids);
  perform 1 from cafe_seats s where s.cafe_id = any (locked_cafe_ids) order by s.cafe_id for update;
  perform room_slots_lock(locked_cafe_ids);
  if freeing then
    perform 1 from registration r
    where r.cafe_id = first_cafe_id and r.status in ('held', 'offered', 'confirmed') order by r.id for update;
    -- As in seats_lock_around.
    if not lines_of_people_at(first_cafe_id) <@ locked_cafe_ids then
      raise exception 'the lines changed' using errcode = 'serialization_failure';
    end if;
  end if;
  return locked_cafe_ids;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_move_cafe(moved_cafe_id uuid, new_room_id uuid, new_starts_at timestamp with time zone, new_ends_at timestamp with time zone, new_capacity integer, clash_decision text, cancel_excess boolean, moving_attendee_id uuid)
 RETURNS TABLE(outcome text, taken integer, room_capacity integer, registration_ids uuid[])
 LANGUAGE plpgsql
AS $function$
declare
  locked_cafe_ids uuid[];
  seats cafe_seats;
  moved cafe;
  stays boolean;
  excess_ids uuid[];
  tried_ids uuid[];
  tried_attendee_ids uuid[];
  winners uuid[];
  clashing_ids uuid[];
  changed_ids uuid[] := '{}';
begin
  locked_cafe_ids := seats_lock_event(moved_cafe_id, true);
  select * into seats from cafe_seats s where s.cafe_id = moved_cafe_id;
  select * into moved from cafe c where c.id = moved_cafe_id;
  stays := moved.room_id = new_room_id and moved.starts_at = new_starts_at and moved.ends_at = new_ends_at;
  select r.capacity into room_capacity from room r where r.id = new_room_id and r.event_id = moved.event_id;
  taken := seats.taken;
  select array_agg(last.id) into excess_ids from (
    select r.id from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed')
    order by r.created_at desc, r.id desc limit greatest(seats.taken - new_capacity, 0)
  ) last;
  outcome := case
    when seats.cafe_id is null then 'cafe-not-found'
    when room_capacity is null then 'room-not-found'
    when new_ends_at <= new_starts_at or new_ends_at > new_starts_at + interval '24 hours' then 'ends-before-start'
    when new_ends_at <= seats_now() and not stays then 'ends-before-now'
    when new_capacity > room_capacity then 'capacity-above-room'
    when excess_ids is not null and not cancel_excess then 'capacity-below-taken'
    else 'moved'
  end;
  if outcome <> 'moved' then
    return next;
    return;
  end if;

  begin
    changed_ids := coalesce(seats_leave(excess_ids, 'cancelled', 'move', moving_attendee_id), '{}');
    -- The seats of a Café that does not stay where it is leave their old minutes, and take the new ones where their people are free. An offer to swap and a guest registration take none.
    select array_agg(r.id order by r.id), array_agg(r.attendee_id order by r.id) into tried_ids, tried_attendee_ids
    from registration r
    where r.cafe_id = moved_cafe_id and r.status in ('offered', 'confirmed')
      and not (r.status = 'offered' and r.overlapping) and not stays;
    perform give_back_minutes(array_agg(r.cafe_id), array_agg(r.attendee_id), array_agg(null::integer))
    from registration r where r.id = any (tried_ids) and not r.overlapping having count(*) > 0;
    update cafe_seats s set capacity = new_capacity, target_capacity = null where s.cafe_id = moved_cafe_id;
    update cafe c set room_id = new_room_id, starts_at = new_starts_at, ends_at = new_ends_at where c.id = moved_cafe_id;
    if moved.room_id <> new_room_id then
      -- Other hosts are owed the list.
      delete from scheduled_mail m where m.kind = 'host-list' and m.subject_id = moved_cafe_id;
    end if;
    if stays then
      perform room_slots_find(array[new_room_id]);
      update cafe_seats s set version = s.version + 1 where s.cafe_id = moved_cafe_id;
      perform seat_event_of_cafe(array[moved_cafe_id], 'move', moving_attendee_id);
    end if;
    if tried_ids is not null then
      winners := take_minutes(array_fill(moved_cafe_id, array[cardinality(tried_ids)]), tried_attendee_ids);
      select array_agg(t.id) into clashing_ids
      from unnest(tried_ids, tried_attendee_ids) as t (id, attendee_id) where t.attendee_id <> all (winners);
    end if;
    if clash_decision is null and clashing_ids is not null then
      raise exception 'move-clashes' using errcode = 'CSEAT';
    end if;

    update registration r set
      cause = 'move', changed_by = moving_attendee_id,
      overlapping = case
        when r.id = any (clashing_ids) then true
        when r.id = any (tried_ids) then false
        else r.overlapping
      end,
      status = case when r.id = any (clashing_ids) and clash_decision = 'swap' then 'offered' else r.status end,
      expires_at = case
        when r.id = any (clashing_ids) and clash_decision = 'swap' then offer_expires_at(new_starts_at, new_ends_at)
        when r.status = 'offered' or (r.status = 'held' and r.waitlist_number is not null)
          then least(r.expires_at, offer_expires_at(new_starts_at, new_ends_at))
        else r.expires_at
      end,
      checked_in_at = case when r.id = any (clashing_ids) and clash_decision = 'swap' then null else r.checked_in_at end
    where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not stays;
    if clash_decision = 'cancel' then
      changed_ids := changed_ids || coalesce(seats_leave(clashing_ids, 'cancelled', 'organiser', moving_attendee_id), '{}');
    end if;
    select changed_ids || coalesce(array_agg(r.id), '{}') into changed_ids
    from registration r where r.cafe_id = moved_cafe_id and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not stays;
    changed_ids := changed_ids || seats_move_up(locked_cafe_ids);
  exception when check_violation or sqlstate 'CSEAT' then
    -- Nothing since `begin` remains. The check is that of room_slot: at the new time the room is full with its other Cafés.
    outcome := case sqlstate when 'CSEAT' then sqlerrm else 'room-full' end;
    registration_ids := null;
    return next;
    return;
  end;
  perform pg_notify('outbox', '');
  registration_ids := changed_ids;
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_move_cafe_as_seen(p_cafe_id uuid, p_room_id uuid, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_capacity integer, p_clash_decision text, p_cancel_excess boolean, p_by uuid, p_expected_taken integer)
 RETURNS TABLE(outcome text, taken integer, room_capacity integer, registration_ids uuid[])
 LANGUAGE plpgsql
AS $function$
begin
  perform seats_lock_event(p_cafe_id, true);
  select s.taken into taken from cafe_seats s where s.cafe_id = p_cafe_id;
  if p_expected_taken <> taken then
    outcome := 'counts-changed';
    return next;
    return;
  end if;
  return query select m.* from seats_move_cafe(
    p_cafe_id, p_room_id, p_starts_at, p_ends_at, p_capacity, p_clash_decision, p_cancel_excess, p_by
  ) m;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_move_guests_up(p_cafe_id uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  v_free integer := seats_free(p_cafe_id);
  v_for_guests integer := seats_free_for_guests(p_cafe_id);
  v_unit record;
  v_winners uuid[];
  v_candidate_ids uuid[];
  v_seen_mailboxes text[];
  v_held_mailboxes text[] := '{}';
  v_moved_ids uuid[] := '{}';
begin
  if v_for_guests <= 0 then
    return v_moved_ids;
  end if;
  v_candidate_ids := guests_in_line(p_cafe_id, v_for_guests + 20);
  -- All at once, so that no other transaction holds one of them and waits for another.
  select array_agg(distinct mailbox_of(a.email)) into v_seen_mailboxes
  from registration r join attendee a on a.id = r.attendee_id
  where r.guest and r.status = 'waitlisted'
    and (r.id = any (v_candidate_ids) or r.delegation_id = any (array(select c.delegation_id from registration c where c.id = any (v_candidate_ids))));
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
      v_winners := take_minutes(array_fill(p_cafe_id, array[cardinality(v_unit.own_attendee_ids)]), v_unit.own_attendee_ids);
      if cardinality(v_winners) < cardinality(v_unit.own_attendee_ids) then
        perform give_back_minutes(array_agg(p_cafe_id), array_agg(w.id), array_agg(null::integer))
        from unnest(v_winners) as w (id) having count(*) > 0;
        continue;
      end if;
    end if;
    v_free := v_free - cardinality(v_unit.ids);
    v_for_guests := least(v_for_guests - cardinality(v_unit.mailboxes), v_free);
    v_held_mailboxes := v_held_mailboxes || v_unit.mailboxes;
    v_moved_ids := v_moved_ids || v_unit.ids;
  end loop;

  update registration r set
    status = case
      when r.guest then 'held'
      when c.starts_at <= seats_now() + interval '2 hours' then 'offered'
      else 'confirmed'
    end::registration_status,
    expires_at = case
      when r.guest then least(seats_now() + interval '10 minutes', c.ends_at)
      when c.starts_at <= seats_now() + interval '2 hours' then offer_expires_at(c.starts_at, c.ends_at)
    end,
    prove_by = null, cause = 'line', changed_by = null
  from cafe c where r.id = any (v_moved_ids) and c.id = r.cafe_id;
  perform mailboxes_forget(v_seen_mailboxes);
  return v_moved_ids;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_move_line_up(line_cafe_id uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  cafe_starts_at timestamptz;
  cafe_ends_at timestamptz;
  free integer;
  passed_units uuid[] := '{}';   -- people and groups who cannot use what is free
  passed_now uuid[];
  taken_ids uuid[];
  taken_attendee_ids uuid[];
  taken_units uuid[];
  swapping boolean[];
  winners uuid[];
  losing_units uuid[];
  moved_ids uuid[] := '{}';
  moved_now uuid[];
begin
  select c.starts_at, c.ends_at into cafe_starts_at, cafe_ends_at from cafe c where c.id = line_cafe_id;
  -- Goes round again for a group that is passed over, and when somebody took a seat elsewhere at the same moment.
  while cafe_ends_at > seats_now() loop
    free := seats_free(line_cafe_id);
    exit when free <= 0;

    with line as (
      -- As many as could be seated, and the rest of the group that may stand at that end.
      select r.id, r.attendee_id, r.waitlist_number, coalesce(g.id, r.id) as unit, g.id is not null as whole, way.seats, way.movable
      from registration r
      left join delegation g on g.id = r.delegation_id and g.mode = 'all'
      cross join lateral (
        select count(*) as seats, coalesce(bool_and(o.status = 'confirmed' and o.checked_in_at is null), true) as movable
        from seats_in_the_way(r.attendee_id, cafe_starts_at, cafe_ends_at) o
      ) way
      where r.cafe_id = line_cafe_id and r.status = 'waitlisted' and coalesce(g.id, r.id) <> all (passed_units)
        and (g.id is not null or way.seats = 0 or (way.seats = 1 and way.movable))
        -- A group with a guest registration waits as one.
        and not r.guest and not exists (
          select from registration w where w.delegation_id = g.id and w.status = 'waitlisted' and w.guest
        )
      order by r.waitlist_number
      limit free + 20
    ),
    unit as (
      select
        l.unit, min(l.waitlist_number) as first, count(*) as need, bool_and(not l.whole or l.seats = 0) as able,
        bool_or(l.whole) and count(*) < (
          select count(*) from registration w where w.delegation_id = l.unit and w.status = 'waitlisted'
        ) as cut
      from line l group by l.unit
    ),
    queue as (
      select u.*, sum(u.need) filter (where u.able and not u.cut) over (order by u.first) as upto from unit u
    ),
    taking as (select q.unit from queue q where q.able and not q.cut and q.upto <= free)
    select
      array_agg(l.id order by l.waitlist_number) filter (where t.unit is not null),
      array_agg(l.attendee_id order by l.waitlist_number) filter (where t.unit is not null),
      array_agg(l.unit order by l.waitlist_number) filter (where t.unit is not null),
      array_agg(l.seats > 0 order by l.waitlist_number) filter (where t.unit is not null),
      -- Nobody fits: the first group that could does not, nor does one whose people are not free.
      (
        select array_agg(q.unit) from queue q
        where not q.cut and (not q.able or (q.need > free and q.upto = q.need))
      )
    into taken_ids, taken_attendee_ids, taken_units, swapping, passed_now
    from line l left join taking t on t.unit = l.unit;

    exit when taken_ids is null and passed_now is null;
    passed_units := passed_units || coalesce(passed_now, '{}');
    continue when taken_ids is null;

    -- Minutes for all but those who are offered to swap.
    select take_minutes(array_agg(line_cafe_id), array_agg(t.attendee_id)) into winners
    from unnest(taken_attendee_ids, swapping) as t (attendee_id, swap) where not t.swap;
    -- A group of whom one took a seat elsewhere meanwhile stays in line as a whole.
    select array_agg(distinct t.unit) into losing_units
    from unnest(taken_attendee_ids, taken_units, swapping) as t (attendee_id, unit, swap)
    where not t.swap and t.attendee_id <> all (coalesce(winners, '{}'));
    if losing_units is not null then
      perform give_back_minutes(array_agg(line_cafe_id), array_agg(t.attendee_id), array_agg(null::integer))
      from unnest(taken_attendee_ids, taken_units) as t (attendee_id, unit)
      where t.unit = any (losing_units) and t.attendee_id = any (winners)
      having count(*) > 0;
    end if;

    with moved as (
      update registration r set
        status = case
          when t.swap then 'offered'
          when cafe_starts_at <= seats_now() + interval '2 hours' then 'offered'
          else 'confirmed'
        end::registration_status,
        expires_at = case
          when t.swap or cafe_starts_at <= seats_now() + interval '2 hours' then offer_expires_at(cafe_starts_at, cafe_ends_at)
        end,
        overlapping = t.swap, cause = 'line', changed_by = null
      from unnest(taken_ids, taken_units, swapping) as t (id, unit, swap)
      where r.id = t.id and t.unit <> all (coalesce(losing_units, '{}'))
      returning r.id
    )
    select array_agg(m.id) into moved_now from moved m;
    moved_ids := moved_ids || coalesce(moved_now, '{}');
  end loop;
  if free > 0 and (select s.unproved_waiting > 0 from cafe_seats s where s.cafe_id = line_cafe_id) then
    moved_ids := moved_ids || seats_move_guests_up(line_cafe_id);
  end if;
  return moved_ids;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_move_up(line_cafe_ids uuid[])
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  line_cafe_id uuid;
  moved_ids uuid[] := '{}';
begin
  foreach line_cafe_id in array line_cafe_ids loop
    if (select s.waitlisted > 0 and s.capacity > s.taken and s.state = 'open' from cafe_seats s where s.cafe_id = line_cafe_id) then
      moved_ids := moved_ids || seats_move_line_up(line_cafe_id);
    end if;
  end loop;
  return moved_ids;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$ select now() $function$
;

CREATE OR REPLACE FUNCTION public.seats_prove(p_attendee_id uuid, p_registration_ids uuid[], p_by_claim boolean)
 RETURNS TABLE(registration_id uuid, attendee_id uuid, cafe_id uuid)
 LANGUAGE plpgsql
AS $function$
declare
  v_guest_ids uuid[] := array(
    select r.id from registration r
    where r.id = any (p_registration_ids) and r.attendee_id = p_attendee_id and r.guest and r.status in ('held', 'waitlisted')
  );
  v_locked_cafe_ids uuid[];
  v_guest registration;
  v_changed_ids uuid[] := '{}';
begin
  if v_guest_ids = '{}' then
    return;
  end if;
  v_locked_cafe_ids := seats_lock_around(v_guest_ids, '{}');
  for v_guest in select r.* from registration r where r.id = any (v_guest_ids) and guest_registration_is_open(r) order by r.id loop
    perform guest_registration_prove(v_guest);
    v_changed_ids := v_changed_ids || v_guest.id;
  end loop;
  if v_changed_ids <> '{}' then
    v_changed_ids := v_changed_ids || seats_move_up(v_locked_cafe_ids);
    update guest_outcome o set proved = true, status = r.status, until = seats_now() + interval '1 hour'
    from registration r where p_by_claim and r.id = any (v_guest_ids) and o.registration_id = r.id;
    perform pg_notify('outbox', '');
  end if;
  return query select r.id, r.attendee_id, r.cafe_id from registration r where r.id = any (v_changed_ids);
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_recount()
 RETURNS TABLE(what text, id uuid, counted text, recounted text)
 LANGUAGE sql
 STABLE
AS $function$
  select 'cafe', s.cafe_id, format('taken %s waitlisted %s present %s unproved %s and %s', s.taken, s.waitlisted, s.present, s.unproved, s.unproved_waiting),
    format('taken %s waitlisted %s present %s unproved %s and %s', n.taken, n.waitlisted, n.present, n.unproved, n.unproved_waiting)
  from cafe_seats s
  cross join lateral (
    select
      count(*) filter (where r.status in ('held', 'offered', 'confirmed')) as taken,
      count(*) filter (where r.status = 'waitlisted') as waitlisted,
      count(*) filter (where r.checked_in_at is not null) as present,
      count(*) filter (where r.status = 'held' and r.guest) as unproved,
      count(*) filter (where r.status = 'waitlisted' and r.guest) as unproved_waiting
    from registration r where r.cafe_id = s.cafe_id
  ) n
  where (s.taken, s.waitlisted, s.present, s.unproved, s.unproved_waiting)
    <> (n.taken, n.waitlisted, n.present, n.unproved, n.unproved_waiting)
  union all
  select 'room', p.room_id, format('at %s taken %s of %s', p.starts_at, p.taken, p.capacity), format('taken %s of %s', n.taken, r.capacity)
  from room_slot p join room r on r.id = p.room_id
  cross join lateral (
    select coalesce(sum(s.taken), 0) as taken
    from cafe c join cafe_seats s on s.cafe_id = c.id
    where c.room_id = p.room_id and c.starts_at <= p.starts_at and c.ends_at >= p.ends_at
  ) n
  where (p.taken, p.capacity) <> (n.taken, r.capacity)
  union all
  select 'cafe', cafe_id, format('day %s: %s minutes of %s days', day, mine.count, mine.days), format('%s of %s', bit_count(n.minutes), n.days)
  from cafe_minutes mine
  full join (
    select c.id as cafe_id, m.day, m.minutes, count(*) over (partition by c.id) as days
    from cafe c cross join lateral minutes_of(c.starts_at, c.ends_at) m
  ) n using (cafe_id, day)
  where (mine.minutes, mine.count, mine.days) is distinct from (n.minutes, bit_count(n.minutes)::integer, n.days::integer)
  union all
  select 'attendee', coalesce(mine.attendee_id, n.attendee_id), mine.busy_minutes::text, n.busy_minutes::text
  from (select d.attendee_id, d.day, d.busy, d.busy_minutes from attendee_day d where d.busy_minutes > 0) mine
  full join (
    select r.attendee_id, m.day, bit_or(m.minutes) as busy, sum(bit_count(m.minutes))::integer as busy_minutes
    from registration r join cafe c on c.id = r.cafe_id cross join lateral minutes_of(c.starts_at, c.ends_at) m
    where r.status in ('offered', 'confirmed') and not r.overlapping
    group by r.attendee_id, m.day
  ) n using (attendee_id, day)
  where (mine.busy, mine.busy_minutes) is distinct from (n.busy, n.busy_minutes)
  union all
  select 'mailbox', null::uuid, h.held::text, n.held::text
  from mailbox_hold h
  full join (
    select mailbox_of(a.email) as mailbox, count(*)::integer as held
    from registration r join attendee a on a.id = r.attendee_id where r.status = 'held' group by 1
  ) n using (mailbox)
  where h.held is distinct from n.held
$function$
;

CREATE OR REPLACE FUNCTION public.seats_release_no_shows(p_cafe_id uuid, p_registration_ids uuid[], p_by uuid)
 RETURNS TABLE(outcome text, change_id uuid, releasable_from timestamp with time zone, takes integer, refused_ids uuid[])
 LANGUAGE plpgsql
AS $function$
declare
  v_starts_at timestamptz;
  v_pending_ids uuid[];
  v_absent_ids uuid[];
begin
  perform seats_lock_event(p_cafe_id, true);
  select c.starts_at, c.starts_at + make_interval(mins => e.no_show_grace_minutes) into v_starts_at, releasable_from
  from cafe c join event e on e.id = c.event_id where c.id = p_cafe_id;
  v_pending_ids := seats_absent(p_cafe_id, array(
    select unnest(p.registration_ids) from pending_change p where p.cafe_id = p_cafe_id and p.cause = 'no-show'
  ));
  v_absent_ids := seats_absent(p_cafe_id, p_registration_ids);
  refused_ids := array(
    select i.id from unnest(p_registration_ids) as i (id) where i.id <> all (v_absent_ids) or i.id = any (v_pending_ids)
  );
  outcome := case
    when v_starts_at is null then 'cafe-not-found'
    when v_starts_at > seats_now() then 'cafe-not-begun'
    when releasable_from > seats_now() then 'grace-period'
    when refused_ids <> '{}' then 'not-absent'
    else 'pending'
  end;
  if outcome = 'pending' then
    takes := greatest(seats_waitlist_would_take(p_cafe_id, v_pending_ids || v_absent_ids) - cardinality(v_pending_ids), 0);
    if takes < cardinality(v_absent_ids) then
      outcome := 'more-than-wait';
    else
      insert into pending_change (cafe_id, cause, registration_ids, changed_by, applies_at)
      values (p_cafe_id, 'no-show', v_absent_ids, p_by, seats_now() + seats_undo_window())
      returning id into change_id;
    end if;
  end if;
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_swap(p_left_ids uuid[], taken_cafe_id uuid, swapping_attendee_id uuid)
 RETURNS TABLE(outcome text, registration_id uuid, registration_ids uuid[])
 LANGUAGE plpgsql
AS $function$
declare
  locked_cafe_ids uuid[];
  v_left record;
  there registration;
  target record;
  v_guest_id uuid := guest_registration_id(swapping_attendee_id, taken_cafe_id);
begin
  locked_cafe_ids := seats_lock_around(p_left_ids || array_remove(array[v_guest_id], null), array[taken_cafe_id]);
  if v_guest_id is distinct from guest_registration_id(swapping_attendee_id, taken_cafe_id) then
    raise exception 'the guest registration changed' using errcode = 'serialization_failure';
  end if;
  select
    bool_and(r.attendee_id is not distinct from swapping_attendee_id) as theirs, bool_or(r.cafe_id = taken_cafe_id) as same,
    bool_or(r.status <> 'confirmed' or r.checked_in_at is not null) as over
  into v_left from unnest(p_left_ids) as l (id) left join registration r on r.id = l.id;
  select s.state, c.ends_at into target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = taken_cafe_id;
  select * into there from registration r
  where r.attendee_id = swapping_attendee_id and r.cafe_id = taken_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  outcome := case
    when v_left.theirs is not true then 'registration-not-found'
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when v_left.same then 'same-cafe'
    when v_left.over then 'registration-over'
    when target.state <> 'open' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.status <> 'waitlisted' then 'already-registered'
    else 'swapped'
  end;
  if outcome <> 'swapped' then
    return next;
    return;
  end if;

  begin
    registration_ids := seats_leave(p_left_ids, 'cancelled', 'swap', null)
      || coalesce(seats_leave(array[v_guest_id], 'cancelled', 'proof', null), '{}');
    if seats_free(taken_cafe_id) <= 0 then
      raise exception 'cafe-full' using errcode = 'CSEAT';
    end if;
    if take_minutes(array[taken_cafe_id], array[swapping_attendee_id]) = '{}' then
      raise exception 'schedule-clash' using errcode = 'CSEAT';
    end if;
    if there.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, created_at)
      values (taken_cafe_id, swapping_attendee_id, 'confirmed', 'swap', seats_now())
      returning id into registration_id;
    else
      update registration r set status = 'confirmed', cause = 'swap', changed_by = null where r.id = there.id;
      registration_id := there.id;
    end if;
    registration_ids := registration_ids || registration_id || seats_move_up(locked_cafe_ids);
  exception when sqlstate 'CSEAT' then
    -- Nothing since `begin` remains.
    return query select sqlerrm, null::uuid, null::uuid[];
    return;
  end;
  perform pg_notify('outbox', '');
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_to_give(claimed_cafe_ids uuid[], open_places integer[])
 RETURNS integer[]
 LANGUAGE sql
 SET enable_nestloop TO 'on'
AS $function$
  with ranked as (
    select o.place, c.id as cafe_id, c.room_id, c.starts_at, c.ends_at, s.pooled, s.capacity - s.taken as free,
      row_number() over (partition by s.cafe_id order by o.place) as rank
    from unnest(open_places) as o (place)
    join cafe_seats s on s.cafe_id = claimed_cafe_ids[o.place] join cafe c on c.id = s.cafe_id
  ),
  roomy as (select r.* from ranked r where r.rank <= r.free and (not r.pooled or seats_free(r.cafe_id) > 0)),
  at_times as (
    select r.place, p.capacity - p.taken as free, row_number() over (partition by p.room_id, p.starts_at order by r.place) as rank
    from roomy r join room_slot p on p.room_id = r.room_id and p.starts_at >= r.starts_at and p.ends_at <= r.ends_at
  )
  select array_agg(r.place order by r.place) from roomy r
  where not exists (select from at_times t where t.place = r.place and t.rank > t.free)
$function$
;

CREATE OR REPLACE FUNCTION public.seats_undo_change(p_cafe_id uuid, p_change_id uuid, p_closing boolean, p_by uuid)
 RETURNS TABLE(outcome text, registration_ids uuid[])
 LANGUAGE plpgsql
AS $function$
declare
  v_locked_cafe_ids uuid[];
  v_change pending_change;
begin
  v_locked_cafe_ids := seats_lock_event(p_cafe_id, false);
  delete from pending_change p
  where p.id = p_change_id and p.cafe_id = p_cafe_id and (p.cause <> 'no-show') = p_closing and p.applies_at > seats_now()
  returning * into v_change;
  outcome := case when v_change.id is null then 'undo-over' else 'undone' end;
  if outcome = 'undone' and p_closing then
    update cafe_seats s set state = v_change.state_before, waitlist_open = v_change.waitlist_open_before, version = s.version + 1
    where s.cafe_id = p_cafe_id;
    perform seat_event_of_cafe(array[p_cafe_id], 'organiser', p_by);
    registration_ids := seats_move_up(v_locked_cafe_ids);
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_undo_check_in(undone_registration_id uuid, undoing_attendee_id uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
AS $function$
declare
  locked_cafe_ids uuid[];
begin
  locked_cafe_ids := seats_lock_around(array[undone_registration_id], '{}');
  update registration r set checked_in_at = null, cause = 'check-in', changed_by = undoing_attendee_id
  where r.id = undone_registration_id and r.checked_in_at is not null;
  if not found then
    return null;
  end if;
  perform pg_notify('outbox', '');
  return undone_registration_id || seats_move_up(locked_cafe_ids);
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_undo_window()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$ select interval '10 seconds' $function$
;

CREATE OR REPLACE FUNCTION public.seats_waitlist_would_take(p_cafe_id uuid, p_registration_ids uuid[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_free_before integer := seats_free(p_cafe_id);
  v_moved integer;
begin
  begin
    perform seats_leave(p_registration_ids, 'cancelled', 'no-show', null);
    v_moved := cardinality(seats_move_up(array[p_cafe_id]));
    raise exception 'rolled back on purpose' using errcode = 'CSEAT';
  exception when sqlstate 'CSEAT' then
    -- A variable keeps its value.
    null;
  end;
  return greatest(v_moved - v_free_before, 0);
end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_walk_in(door_cafe_id uuid, walking_attendee_id uuid, checking_attendee_id uuid)
 RETURNS TABLE(outcome text, registration_id uuid)
 LANGUAGE plpgsql
AS $function$
declare
  target record;
  there registration;
begin
  perform 1 from cafe_seats s where s.cafe_id = door_cafe_id for update;
  perform room_slots_lock(array[door_cafe_id]);
  select s.state, c.ends_at into target from cafe_seats s join cafe c on c.id = s.cafe_id where s.cafe_id = door_cafe_id;
  select * into there from registration r
  where r.attendee_id = walking_attendee_id and r.cafe_id = door_cafe_id
    and r.status in ('held', 'offered', 'confirmed', 'waitlisted') and not r.guest;
  if there.id is null then
    select * into there from registration r where r.id = guest_registration_id(walking_attendee_id, door_cafe_id);
  end if;
  outcome := case
    when target.state is null or target.state = 'draft' then 'cafe-not-found'
    when target.state = 'cancelled' or target.ends_at <= seats_now() then 'cafe-not-open'
    when there.checked_in_at is not null then 'already-checked-in'
    -- A seat of theirs is kept already; else there must be a free one.
    when coalesce(there.status, 'waitlisted') = 'waitlisted' and seats_free(door_cafe_id) <= 0 then 'cafe-full'
    when there.overlapping and there.status = 'offered' then 'schedule-clash'
    when coalesce(there.status, 'waitlisted') in ('waitlisted', 'held')
      and take_minutes(array[door_cafe_id], array[walking_attendee_id]) = '{}' then 'schedule-clash'
    else 'checked-in'
  end;
  registration_id := there.id;
  if outcome = 'checked-in' then
    if there.id is null then
      insert into registration (cafe_id, attendee_id, status, cause, changed_by, created_at)
      values (door_cafe_id, walking_attendee_id, 'confirmed', 'walk-in', checking_attendee_id, seats_now())
      returning id into registration_id;
    elsif there.status <> 'confirmed' then
      update registration r set
        status = 'confirmed', expires_at = null, guest = false, prove_by = null, cause = 'walk-in', changed_by = checking_attendee_id
      where r.id = there.id;
    end if;
    update registration r
    set checked_in_at = seats_now(), cause = 'walk-in', changed_by = checking_attendee_id
    where r.id = seats_walk_in.registration_id;
    perform pg_notify('outbox', '');
  end if;
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION public.sibling_id(sibling text, number bigint)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (left(sibling, 28) || to_hex(x'10000000'::integer + number))::uuid
$function$
;

CREATE OR REPLACE FUNCTION public.sign_in_ask(p_email text, p_locale text, p_asked uuid[], p_link_of uuid, p_link_ttl interval, p_code_ttl interval, p_share numeric, OUT challenge_id uuid, OUT is_new boolean, OUT again_in_seconds integer, OUT is_later boolean)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  v_now timestamptz;
  v_mailed_at timestamptz[];
  v_open sign_in_challenge;
  v_attendee attendee;
  v_proved boolean;
  v_free_at timestamptz;
  v_good_until timestamptz;
begin
  is_new := false;
  v_mailed_at := mailbox_mails_lock(p_email);
  v_now := clock_timestamp();
  select a.* into v_attendee from attendee a where a.email = p_email;
  v_proved := v_attendee.email_proved_at is not null;
  select c.* into v_open from sign_in_challenge c
  where c.email = p_email and not c.reusable and c.used_at is null
    and case
      when c.id = p_link_of then c.expires_at > v_now
      else c.code_expires_at > v_now and (c.registration_id is null or c.registration_id = any (p_asked))
    end
  order by
    c.id = p_link_of is true desc, (c.id = any (p_asked) or c.registration_id = any (p_asked)) is true desc, c.id desc
  limit 1;
  challenge_id := v_open.id;

  v_free_at := mailbox_full_until(v_mailed_at);
  if (v_open.code_expires_at > v_now and not v_open.unannounced) or exists (
    select from sign_in_mails m join sign_in_challenge c on c.id = m.challenge_id
    where m.mailbox = mailbox_of(p_email) and c.used_at is null and c.code_expires_at > v_now
  ) then
    v_free_at := greatest(v_free_at, v_mailed_at[cardinality(v_mailed_at)] + sign_in_pause(cardinality(v_mailed_at)));
  end if;
  if v_free_at > v_now then
    again_in_seconds := ceil(extract(epoch from v_free_at - v_now));
  else
    again_in_seconds := ceil(mail_budget_count(null, p_share, case when v_proved then 0 else 1 end));
  end if;
  is_later := again_in_seconds is not null and (challenge_id is null or v_open.unannounced or v_open.code_expires_at <= v_now);

  if again_in_seconds is null then
    v_mailed_at := v_mailed_at || v_now;
    v_good_until := greatest(v_now + sign_in_pause(cardinality(v_mailed_at)), mailbox_full_until(v_mailed_at));
  elsif challenge_id is null and v_proved and 2 > (
    select count(*) from sign_in_challenge c
    where c.email = p_email and c.unannounced and uuid_extract_timestamp(c.id) > v_now - interval '1 hour'
  ) then
    v_good_until := v_now + make_interval(secs => again_in_seconds);
  else
    -- An id of nothing where there is no challenge, or one that the answers do not count: the cookie does not say which.
    if challenge_id is null or (v_open.unannounced and challenge_id <> all (coalesce(p_asked, '{}'))) then
      challenge_id := uuidv7();
      is_new := true;
    end if;
    return;
  end if;
  v_good_until := v_good_until + interval '1 minute';

  if v_open.id = p_link_of then
    v_good_until := greatest(v_good_until, v_now + p_code_ttl);
  end if;
  if v_open.id = p_link_of or v_open.code_expires_at >= v_now + interval '5 minutes' then
    update sign_in_challenge c
    set locale = coalesce(p_locale, c.locale), code_expires_at = greatest(c.code_expires_at, v_good_until),
      expires_at = greatest(c.expires_at, v_good_until), unannounced = false
    where c.id = challenge_id;
  else
    is_new := true;
    insert into sign_in_challenge as c (email, locale, digits, code_expires_at, expires_at, unannounced)
    values (
      p_email, coalesce(p_locale, v_attendee.locale, 'fr'), sign_in_digits(p_email),
      greatest(v_now + p_code_ttl, v_good_until), greatest(v_now + p_link_ttl, v_good_until), is_later
    )
    returning c.id into challenge_id;
  end if;
  insert into outbox (kind, attendee_id, challenge_id) values ('sign-in-code', v_attendee.id, challenge_id);
  if not is_later then
    update sign_in_mails m set mailed_at = v_mailed_at, challenge_id = sign_in_ask.challenge_id where m.mailbox = mailbox_of(p_email);
  end if;
  perform pg_notify('outbox', '');
end
$function$
;

CREATE OR REPLACE FUNCTION public.sign_in_challenge_for(p_email text, p_locale text, p_registration_id uuid, p_until timestamp with time zone, p_link_ttl interval, p_code_ttl interval)
 RETURNS uuid
 LANGUAGE sql
AS $function$
  insert into sign_in_challenge as c (email, locale, registration_id, digits, code_expires_at, expires_at)
  values (
    p_email, p_locale, p_registration_id, sign_in_digits(p_email),
    greatest(now() + p_code_ttl, p_until), greatest(now() + p_link_ttl, p_until)
  )
  on conflict (registration_id) where used_at is null do update set
    id = case when c.expires_at > now() then c.id else uuidv7() end,
    digits = case when c.expires_at > now() then c.digits else excluded.digits end,
    attempts = case when c.expires_at > now() then c.attempts else 0 end,
    locale = excluded.locale,
    code_expires_at = greatest(c.code_expires_at, excluded.code_expires_at),
    expires_at = greatest(c.expires_at, excluded.expires_at)
  returning id
$function$
;

CREATE OR REPLACE FUNCTION public.sign_in_consume(p_id uuid, p_by_claim boolean)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_email text;
begin
  select email into v_email from sign_in_challenge where id = p_id;
  -- Locked in one order, so that two sign-ins of one address do not lock crosswise.
  perform from sign_in_challenge where email = v_email order by id for update;
  update sign_in_challenge
  set used_at = case when not reusable then coalesce(used_at, now()) end,
      used_by_claim_at = case when p_by_claim then now() end
  where id = p_id and case when p_by_claim then used_by_claim_at is null else used_at is null end;
  if not found then
    return false;
  end if;
  update sign_in_challenge set used_at = now() where email = v_email and used_at is null and not reusable;
  return true;
end
$function$
;

CREATE OR REPLACE FUNCTION public.sign_in_digits(p_email text)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select case when exists (
    select from role_grant g join attendee a on a.id = g.attendee_id where a.email = p_email
  ) then 8 else 6 end
$function$
;

CREATE OR REPLACE FUNCTION public.sign_in_pause(p_mails integer)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(
    (array['0', '0', '30 seconds', '1 minute', '2 minutes', '4 minutes', '8 minutes']::interval[])[p_mails + 1],
    '8 minutes'
  )
$function$
;

CREATE OR REPLACE FUNCTION public.take_minutes(wanted_cafe_ids uuid[], wanted_attendee_ids uuid[])
 RETURNS uuid[]
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
AS $function$
declare
  got_attendee_ids uuid[];
  got_days integer[];
  over_midnight boolean;
  half_cafe_ids uuid[];
  half_attendee_ids uuid[];
  half_days integer[];
begin
  -- A person whose minutes are taken keeps them: the row is left as it is and not returned.
  with taken as (
    insert into attendee_day as mine (attendee_id, day, busy, busy_minutes)
    select w.attendee_id, m.day, m.minutes, m.count
    from unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id)
    join cafe_minutes m on m.cafe_id = w.cafe_id and m.cafe_id = any (wanted_cafe_ids)
    order by w.attendee_id, m.day
    on conflict (attendee_id, day) do update
      set busy = mine.busy | excluded.busy, busy_minutes = mine.busy_minutes + excluded.busy_minutes
      where bit_count(mine.busy & excluded.busy) = 0
    returning attendee_id, day
  )
  select
    array_agg(t.attendee_id), array_agg(t.day),
    exists (select from cafe_minutes m where m.cafe_id = any (wanted_cafe_ids) and m.days > 1)
  into got_attendee_ids, got_days, over_midnight from taken t;

  -- A Café over midnight takes minutes of two days: whoever got one and not the other got half, and gives it back.
  if over_midnight then
    select array_agg(h.cafe_id), array_agg(h.attendee_id), array_agg(h.day) into half_cafe_ids, half_attendee_ids, half_days
    from (
      select w.cafe_id, g.attendee_id, min(g.day) as day
      from unnest(got_attendee_ids, got_days) as g (attendee_id, day)
      join unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id) on w.attendee_id = g.attendee_id
      join cafe_minutes m on m.cafe_id = w.cafe_id and m.day = g.day
      where m.cafe_id = any (wanted_cafe_ids)
      group by w.cafe_id, g.attendee_id, m.days
      having count(*) < m.days
    ) h;
    if half_days is not null then
      perform give_back_minutes(half_cafe_ids, half_attendee_ids, half_days);
    end if;
    got_attendee_ids := array(
      select distinct g.id from unnest(got_attendee_ids) as g (id) where g.id <> all (coalesce(half_attendee_ids, '{}'))
    );
  end if;
  return coalesce(got_attendee_ids, '{}');
end
$function$
;

CREATE OR REPLACE FUNCTION public.waitlist_position(line_cafe_id uuid, number integer)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select count(*)::integer + 1 from registration r
  where r.cafe_id = line_cafe_id and r.status = 'waitlisted' and r.waitlist_number < number
$function$
;

create view seat_ledger as  SELECT m.cafe_id,
    m.version,
    NULL::bigint AS id,
    r.at,
    (r.status)::text AS what,
    r.cause,
    r.changed_by,
    m.registration_id,
    m.attendee_id,
    m.waitlist_number,
    r.expires_at,
    r.overlapping,
    NULL::jsonb AS cafe
   FROM (seat_event_made r
     CROSS JOIN LATERAL UNNEST(r.cafe_ids, r.versions, r.registration_ids, r.attendee_ids, r.waitlist_numbers) m(cafe_id, version, registration_id, attendee_id, waitlist_number))
UNION ALL
 SELECT e.cafe_id,
    e.version,
    e.id,
    e.at,
    e.what,
    e.cause,
    e.changed_by,
    m.registration_id,
    m.attendee_id,
    NULL::integer AS waitlist_number,
    e.expires_at,
    e.overlapping,
    e.cafe
   FROM (seat_event e
     LEFT JOIN LATERAL UNNEST(e.registration_ids, e.attendee_ids) m(registration_id, attendee_id) ON (true));

CREATE CONSTRAINT TRIGGER delegation_made AFTER INSERT ON public.delegation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION delegation_made();

CREATE TRIGGER cafe_minutes_follow AFTER INSERT OR UPDATE OF starts_at, ends_at ON public.cafe FOR EACH ROW EXECUTE FUNCTION cafe_minutes_follow();

CREATE TRIGGER cafe_seats_made AFTER INSERT ON public.cafe_seats REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION cafe_seats_made();

CREATE TRIGGER registration_changed AFTER UPDATE ON public.registration REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change FOR EACH STATEMENT EXECUTE FUNCTION registration_changed();

CREATE TRIGGER registration_ends_first BEFORE DELETE ON public.attendee FOR EACH ROW EXECUTE FUNCTION registration_ends_first();

CREATE TRIGGER registration_ends_first BEFORE DELETE ON public.cafe FOR EACH ROW EXECUTE FUNCTION registration_ends_first();

CREATE TRIGGER registration_made AFTER INSERT ON public.registration REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION registration_made();

CREATE TRIGGER role_change_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.role_change FOR EACH STATEMENT EXECUTE FUNCTION role_change_is_append_only();

CREATE TRIGGER room_slots_follow AFTER DELETE ON public.cafe FOR EACH ROW EXECUTE FUNCTION room_slots_follow();

CREATE TRIGGER room_slots_follow AFTER UPDATE OF capacity ON public.room FOR EACH ROW WHEN ((old.capacity <> new.capacity)) EXECUTE FUNCTION room_slots_follow();

CREATE TRIGGER room_slots_follow_move AFTER UPDATE OF room_id, starts_at, ends_at ON public.cafe FOR EACH ROW WHEN (((old.room_id IS DISTINCT FROM new.room_id) OR (old.starts_at IS DISTINCT FROM new.starts_at) OR (old.ends_at IS DISTINCT FROM new.ends_at))) EXECUTE FUNCTION room_slots_follow();

insert into _sql_files overriding system value select * from json_populate_recordset(null::_sql_files, '[
{"name":"cafe_minutes_follow","checksum":"eec32a3fff3c481da273828f1ce7dc4ea52de7f6291310da45cf31732b892809","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"cafe_seats_made","checksum":"7436daeb5ccd7740c29edf6bc0309b5f1a286773363196fae6fc4d41674fca14","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"cafe_seats_open","checksum":"00e7d913edfff44a28f34b4f4c460087a8b3677a637dd6fce871fd63ba7887ce","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"cafe_seats_taken","checksum":"cc658378f3a8015a0fd9556d038b1bdb6006f8f969a10944627cebac2d081ccf","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"cafes_around","checksum":"709f79c2dbd2691e4eb1d50937afb0a187a5d43e187e098ef4477ede1d74c4c8","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"code_try","checksum":"a3f413c0f56fee76914a02e50ac56f12050c6d93f742788feb64b3f1ca493b6e","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegate_guests_left","checksum":"ec46045808e76e0616b33de0a4997221d722ff55762f1b07eb80b47731716241","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegate_guests_max","checksum":"f62d1f9e8fa912be9c96450e678fc7c9bff15ccbc158b0f141386a7d2b0618f5","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegate_is_refused","checksum":"732731522ddc4ed81987dc1f7191c40a410ccfbd9fb3dba42e7766f9c1fc99b2","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegated_seats_in_the_way","checksum":"1acebc8ff753dbd8c6cae0efd354b5ec0c817747b006ea8ce81604b16e9a8816","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegation_decided","checksum":"dfaf62e6f50ce382206be4a9da913a596881878b13f54103ac7aa763acf64578","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegation_fits","checksum":"9207d42115dd000c062e5d6bedc1eb609d4ad13c7eb2fd5772a71e27b8c2eedc","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegation_made","checksum":"0dc567c655e8319c888a49e6b687f13766dcf2ee7495456247bfebfd3170e44d","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"delegation_refusals","checksum":"41240da64a146562a0952013d798d1336258a36f41c3d31e638ea1311b23f5b9","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"give_back_minutes","checksum":"befb8789594a1492db03751cdf5d424ceb6f92846dce050545df852a42bfb69d","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"guest_places","checksum":"38a8dc1119eb196b741e7f275289375129d33a94abde59ec25b5061f877658e1","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"guest_registration_id","checksum":"c25382730c02113a6c10b4fad311f078104748af2a554fa6e2e5401a92e6606f","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"guest_registration_is_open","checksum":"6f95f1d3fa004ddacb941b3d368a362c16ede70816d1d8dfb2bddfe79ae4c576","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"guest_registration_prove","checksum":"c67b0e25f9f8a9c779d7b67a55a4d3097314f8d5b0eab1824bf0cba4ccdacc98","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"guests_in_line","checksum":"3319e02b223cd9eef3ae088b9c9a2fc3c16c8c17097eb2d310118acdcda20d31","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"guests_register","checksum":"d94cbf36527d7bf0ec9da54c388a61104ed90cea763785961516b88d797f27e5","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"lines_of_people_at","checksum":"0bff149037005359e524fd5c33be3dc52caffe67c8cee3163988cfde622b562e","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mail_budget_count","checksum":"d81357dd2cdf8e94b38a5fdb275aa5153bb28c22442ecde9a7d5f7015e45e6db","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mail_budget_least","checksum":"2cee92fbc8a5c57af2f6cda9665d871a133d1f97cfcf8ed6c3f97dd221d80be0","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mail_budget_per_seat","checksum":"64d5df038ad0c22da0a0fab41f2b16a27ad27707d17aa7434852392a705704bf","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mail_budget_take","checksum":"c9ab76f65c35951068c8274a0684ef4d46cac284dc654fa4013ca2a8c9a8a1e3","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mail_kind_of","checksum":"92b934b41db5587f393dc0fbc756e3b6bab0cd3adacbc1ff0fc907186c81e0ad","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailbox_full_until","checksum":"b9853c9bdfdad9790a6a574916e9addd935618beb9686542fdaee776ef64416b","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailbox_holds_count","checksum":"a6c37be69eeb01b473679860c61d36bfe6ef062e7423586da04890192b3a9c3c","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailbox_holds_max","checksum":"4c64cdf36a3dd50088edaa047befae005611eac5241aff222246243258fb6cd3","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailbox_mails_lock","checksum":"1991c92895fb5b66ba9e047255b1915d27dbcc384b869fcf2ceaf30f0c6f9275","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailbox_mails_max","checksum":"8d269e9811270009ee6ec846281e976cb77e12dbbd54365d39bedd89f07c6304","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailbox_of","checksum":"be120e72835e32049140c3bfc6db7385f6ae66d94b6f2c7d8ddf24325f79acec","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailboxes_fit","checksum":"401bd87baa785f2954e580b5fd92318f89f79ec9a8f7103880b318f473ef2cb7","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailboxes_forget","checksum":"388d30502c8a3cf60e48ac521af802afd0fffc9c40074b5fe65123cdda424dc5","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"mailboxes_lock","checksum":"495cd0f846e83f323fd5c22fe42772ebda91cd003b51f80a14fcf056e75ab2cf","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"minutes_of","checksum":"61a8ab52dda2edd025d4c1a7782d300c093251387cb6622b4d850f1a17310fc1","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"offer_expires_at","checksum":"23df493d01cc4293e175dc4f1900469c7c28dfa5a18ded67f1b70c9ce2291e12","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"outbox_open","checksum":"3f6303fd7556c5959ccd6213d9ba287217411e181563896a65d07d0e3fc21f01","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"outbox_worker_is_there","checksum":"36d284251ce9d6e2ce299b7bfb1166abfd82294638e65b14285ff148a0d4c030","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"outbox_worker_lock","checksum":"59b843ce9cb7dc8d759555ba6942bf52265daf7d535c02f0783296812645f4b4","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"own_registration_id","checksum":"cd47387855f9a4798c2a81b5900cb6dab9f1e8e426ed4da3d54c839ab11f9007","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"prove_mail_take","checksum":"830fe214ee68bddedda3e6c8dba6ab5604c8096ad6e1cc142cec4b0127ae962a","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"registration_changed","checksum":"2322f017575e3331c918d5d4f281a3f23cfd4b0e923ffd8eeb926cd8b58f98f8","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"registration_ends_first","checksum":"cdad97d7f8b611a184c6166e668c5f66f3b7b39b31f682adad1b8365dd364a90","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"registration_made","checksum":"9a35295655f6f8a807ed7c457de5690f82aa419d8617d63dc6bdab9bb7b968a6","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"role_change_is_append_only","checksum":"7daad973583d1e991e1cd9c4f4ee902e1184c3d28933d595d569e244f476117b","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"room_slots_count","checksum":"405afdb4b40841e2ff010677c38a7359bda5ae523a8f13cebfd6758ded246356","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"room_slots_find","checksum":"4971dabb818cc2a005fde9cc733dc5c50c9210b0c3726a986f20a995a05070a9","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"room_slots_follow","checksum":"e9426e0b380f2f66b04432692f5a1dbf79b43eafed820bd66f85c4de1fda856b","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"room_slots_lock","checksum":"386eb1e70e7d01f084bdce3dde14d80e5c162b5b4d2703fb76c6c8eae7b186a9","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"room_slots_of","checksum":"700a439784d9f8a40e0be6c6ddca5a2d8e354a8eefc0d8a0a052bed04046a773","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seat_event_of_cafe","checksum":"5be855d814d2413c9438bdceb6f3893e8eb2b529d4ded2f5dd92d5d9f4d6d876","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seat_ledger","checksum":"8beab5de2e1e9faf03f074651fc01f0af436cf86f77eb81cc4ff33a5ac704511","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seat_ledger_of","checksum":"09a77f86b9d099793e8b648de739b25605dc186dc3bb9beec07b1f74cdb0a113","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_absent","checksum":"d2a3de0ec7786c653a2aad4308e52bc56073d4cea192523a3f8d6b6c2a2f017e","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_accept","checksum":"74c9a393cf4d7063a65dcaa939ac063c8a08927b0e7a4d4983d78c1544482af0","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_apply_change","checksum":"83523e8d7e04921b406c55e7fc7025573230b0b50cceced435ea43822da3902d","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_change_cafe","checksum":"001f0760edf322f85aa50cb1e7801666f1290fa2520796464d38a3a43a3d9e8f","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_changes_due","checksum":"c21fee8f961ff2b109efd0f51a3986ed3386377e44cff8b0b6287e8f1fdc1ab7","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_check_in","checksum":"8e0c056832687a60d9915fe1a0e06a8bf44b33bb8a1cad035a5a0fe4d3fae9db","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_claim","checksum":"c6c2052a5b81675c50a2e77f5d9166dcd5bbe16f22c75b2828e392a7c319eeef","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_claim_guests","checksum":"c20fd7381bd0e14230b20085413fb989833dd5f8765ad0fb00c6c114a83315ea","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_claim_together","checksum":"d5d6ab6528be670a4e0cf60283facb10f3beebe45dd8091780c7c83db80ff264","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_clashing","checksum":"4d059b82262c08d7c1f4ccad00c9eab0bb951a3d31bd0d62c1a224fa0e454472","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_due","checksum":"b0199b5c291574a6089e6809abe4ae5754900f406e11a6b196d4ff8653abae4a","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_end","checksum":"766610b8b2ad025893a80bfca6d0879d569f1453f2ddd694207d955fcbdc5c3e","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_end_later","checksum":"ac064e20545a7b555b3dd36252c12ed754ecfdd81daa9a1801fb216effbd5292","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_expire_due","checksum":"6073e2c59cdbb7426edb85fc93182bdba5ffcf9201e96c205a671a033cac6583","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_free","checksum":"8935aa295608e926fc721a324f3c9a6dde044aed7a978592f69f4aeb02f513b9","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_free_for_guests","checksum":"cc34c6069918950fa18d0b635e8be85daa83b1d93de792b93ce3c823efa0a042","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_in_the_way","checksum":"e336bb4dc251095bc9bae15159809abaa6251f3469cc2c546efd83b6ead44b66","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_leave","checksum":"30ee17c47fba9c2d2e7ced936495be7198f1f0b41f7d528d3dbb8f1874aabe34","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_lock_around","checksum":"8041e653fb345c94504e66de600d6ec6d3a6b9068f1cbb07d91b24a358db7581","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_lock_event","checksum":"3f7a9a93daca0d4c58bcfb1898359aa4119015488dd0de8a56559b7a624b4bc6","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_move_cafe","checksum":"b910dfd1fbe4318d654f6d7e63a7022bbc588dce227a4798541f59de0c68ed3b","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_move_cafe_as_seen","checksum":"b7368d766585fdeafad6851f8c679791636b7672511b037f38da4bba31b708f0","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_move_guests_up","checksum":"fb895d449414208a244cfd18ff2fd89da735fffd7279d5ec56c023a14db0fb34","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_move_line_up","checksum":"6e0c4bc0eedd204f29b3ec54e8ca69d7b131073c99ab016cf5ce7ae95a12be8a","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_move_up","checksum":"52079ac66a82192f7ad044cae00aaf184dc853d0f3471f8950ad82337853c1d5","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_now","checksum":"009245de7d188439baecc1220b5c7e42aa02260909bb2b2e22d7910f0008033f","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_prove","checksum":"9142924364b83dce749f9728197f1255d9b46db3886147851469b9043b4e4cdd","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_recount","checksum":"6c54d7ff4f97030bd982fd56d7457cf3365305279b4542dfc833682f33941fd6","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_release_no_shows","checksum":"eb8d22c366c879d7756c3d5532df6598f5b065216f219b7b562dc1f17511bf91","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_swap","checksum":"b1217aa073939b7cf9c85cbd7e5690500c1a28f10af5e2cf6cf9f3666fa1dfdd","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_to_give","checksum":"2fdc68c7c7bc537b22586e734ef9087ea346c3d38744ed47eaf9fcffef35d833","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_undo_change","checksum":"919e6017fac4d415edc5548687abfb51f80f9451b37e58818451d70ba1b2a6a0","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_undo_check_in","checksum":"0ffddfbd9a312794ab7f1ecbaf63d2914f21e9f4c61d2abd18de2563a653de4c","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_undo_window","checksum":"b8fa661c7041b221fabf734755c28d8f1f224190dabb6b1de03b79e6da20e6c3","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_waitlist_would_take","checksum":"4be576393d8e25b737ca6be5b5798b88359ae7db08be638c8350c4908981dd62","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"seats_walk_in","checksum":"51550f1ddb96614d8a11676c00bb9cf913c899d229b52e7c9a1f30096ba68112","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"sibling_id","checksum":"ed8ed9bd57e869eb2fb2b10311c026d3d4bd7ce357c07fbae6f4e5650179628c","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"sign_in_ask","checksum":"63a0d149bfa8f05d6de8f1355c4e6130a803ffaa47c030a093a3a8720c289a9a","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"sign_in_challenge_for","checksum":"eaaa22c34317520c84143b2a0c5692fc3fdce6bf905385d8307d5f9eee82b0fa","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"sign_in_consume","checksum":"6957d0a4698b05a21b541acde17c0450768523f08b00388ef93777c984c14eff","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"sign_in_digits","checksum":"f11b1e5dd7899c250cba7ef5e47e44db4a741a7114386004c649b65c0e0e4d40","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"sign_in_pause","checksum":"008dca5fd3396869f60c3aa66b414c016f04deb641f9aadeebb9863d92c76eaf","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"take_minutes","checksum":"995e887b25a8ff320451a65a6637c30b6deafe8d9a6ba1b07af6d9d67588101e","applied_at":"2026-11-29T17:29:15.384014+00:00"},
{"name":"waitlist_position","checksum":"52159d59ff9facee10375133e5bffe8fc595a90894199942769dddcfae3d2f7d","applied_at":"2026-11-29T17:29:15.384014+00:00"}
]');

insert into attendee overriding system value select * from json_populate_recordset(null::attendee, '[
{"id":"01a2285a-a696-746c-9798-85fceedaf924","email":"okluqeibmto-1@example.org","name":"Personne 1","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-79dc-9e20-83ab00fe73d6","email":"okluqeibmto-2@example.org","name":"Personne 2","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-7a6b-bc28-1b3f2b35e7c7","email":"okluqeibmto-3@example.org","name":"Personne 3","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-7a82-9352-9d1ea7c0813e","email":"okluqeibmto-4@example.org","name":"Personne 4","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-7a93-994a-6013cd743e04","email":"okluqeibmto-5@example.org","name":"Personne 5","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-7aa3-922f-87aa7c550dc9","email":"okluqeibmto-6@example.org","name":"Personne 6","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-7ab2-9548-6eba23acbda8","email":"okluqeibmto-7@example.org","name":"Personne 7","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","email":"okluqeibmto-8@example.org","name":"Personne 8","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:19.253761+00:00","created_at":"2026-11-29T17:29:19.253761+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a6a1-7a94-94c4-d44e05f1e6fe","email":"g3ff2njs4lp-1@example.org","name":"Personne 1","organisation":null,"locale":"fr","email_proved_at":null,"created_at":"2026-11-29T17:29:19.265286+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a6a1-7bb0-8b42-646e74f2cc5e","email":"g3ff2njs4lp-2@example.org","name":"Personne 2","organisation":null,"locale":"fr","email_proved_at":null,"created_at":"2026-11-29T17:29:19.265286+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a6a1-7bcb-b681-763e16704c33","email":"g3ff2njs4lp-3@example.org","name":"Personne 3","organisation":null,"locale":"fr","email_proved_at":null,"created_at":"2026-11-29T17:29:19.265286+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-a6a1-7bdd-9eb1-546e9a83dcf4","email":"g3ff2njs4lp-4@example.org","name":"Personne 4","organisation":null,"locale":"fr","email_proved_at":null,"created_at":"2026-11-29T17:29:19.265286+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-aac4-7ac6-804c-fd0342fb4705","email":"q06hr2oohr-1@example.org","name":"Personne 1","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:20.324314+00:00","created_at":"2026-11-29T17:29:20.324314+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false},
{"id":"01a2285a-aac4-7c0b-873a-279f4d5cb0aa","email":"q06hr2oohr-2@example.org","name":"Personne 2","organisation":null,"locale":"fr","email_proved_at":"2026-11-29T17:29:20.324314+00:00","created_at":"2026-11-29T17:29:20.324314+00:00","reminders":true,"calendar_feed_id":null,"later_mails":false}
]');

insert into attendee_day overriding system value select * from json_populate_recordset(null::attendee_day, '[
{"attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":45},
{"attendee_id":"01a2285a-a699-79dc-9e20-83ab00fe73d6","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":90},
{"attendee_id":"01a2285a-a699-7a6b-bc28-1b3f2b35e7c7","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":45},
{"attendee_id":"01a2285a-a699-7aa3-922f-87aa7c550dc9","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":45},
{"attendee_id":"01a2285a-a699-7ab2-9548-6eba23acbda8","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":90},
{"attendee_id":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":90},
{"attendee_id":"01a2285a-a6a1-7bcb-b681-763e16704c33","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":45},
{"attendee_id":"01a2285a-aac4-7ac6-804c-fd0342fb4705","day":25901,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":45},
{"attendee_id":"01a2285a-aac4-7c0b-873a-279f4d5cb0aa","day":20787,"busy":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","busy_minutes":45}
]');

insert into cafe overriding system value select * from json_populate_recordset(null::cafe, '[
{"id":"01a2285a-a586-7dc2-a6b8-3941d107418a","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a576-77f6-9941-36e2e091bb25","code":"cafe-1","kind":"cafe","position":0,"texts":{"en":{"title":"Café 1","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 1","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2040-11-30T08:00:00+00:00","ends_at":"2040-11-30T08:45:00+00:00"},
{"id":"01a2285a-a5da-7539-a7ea-043fdf4db069","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a576-77f6-9941-36e2e091bb25","code":"cafe-2","kind":"cafe","position":1,"texts":{"en":{"title":"Café 2","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 2","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2040-11-30T08:00:00+00:00","ends_at":"2040-11-30T08:45:00+00:00"},
{"id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a576-77f6-9941-36e2e091bb25","code":"cafe-3","kind":"cafe","position":2,"texts":{"en":{"title":"Café 3","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 3","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2040-11-30T09:00:00+00:00","ends_at":"2040-11-30T09:45:00+00:00"},
{"id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a581-754e-8af6-902680011ceb","code":"cafe-4","kind":"cafe","position":3,"texts":{"en":{"title":"Café 4","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 4","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2040-11-30T10:00:00+00:00","ends_at":"2040-11-30T10:45:00+00:00"},
{"id":"01a2285a-a607-7b04-a0c7-bd3d995c0199","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a581-754e-8af6-902680011ceb","code":"cafe-5","kind":"cafe","position":4,"texts":{"en":{"title":"Café 5","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 5","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2040-11-30T10:00:00+00:00","ends_at":"2040-11-30T10:45:00+00:00"},
{"id":"01a2285a-a617-7ecf-8ced-04b898138265","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a576-77f6-9941-36e2e091bb25","code":"cafe-6","kind":"cafe","position":5,"texts":{"en":{"title":"Café 6","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 6","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2040-11-30T11:00:00+00:00","ends_at":"2040-11-30T11:45:00+00:00"},
{"id":"01a2285a-aaa8-7935-9858-b247238bb422","event_id":"01a2285a-aa8e-7aa1-84a9-a659fe1a4b0a","room_id":"01a2285a-aa99-7965-8b8d-3a19184d41ef","code":"cafe-1","kind":"cafe","position":0,"texts":{"en":{"title":"Café 1","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]},"fr":{"title":"Café 1","agenda":[],"summary":"","audience":[],"keywords":[],"takeaways":[]}},"hosts":["Ville d''Orvault"],"speakers":[],"contacts":[],"language":"fr","starts_at":"2026-11-30T08:00:00+00:00","ends_at":"2026-11-30T08:45:00+00:00"}
]');

insert into cafe_minutes overriding system value select * from json_populate_recordset(null::cafe_minutes, '[
{"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","day":25901,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1},
{"cafe_id":"01a2285a-a5da-7539-a7ea-043fdf4db069","day":25901,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1},
{"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","day":25901,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1},
{"cafe_id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","day":25901,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1},
{"cafe_id":"01a2285a-a607-7b04-a0c7-bd3d995c0199","day":25901,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1},
{"cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","day":25901,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1},
{"cafe_id":"01a2285a-aaa8-7935-9858-b247238bb422","day":20787,"minutes":"000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000111111111111111111111111111111111111111111111000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000","count":45,"days":1}
]');

insert into cafe_seats overriding system value select * from json_populate_recordset(null::cafe_seats, '[
{"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","capacity":3,"target_capacity":null,"state":"open","waitlist_open":false,"pooled":false,"version":10,"taken":3,"waitlisted":2,"present":0,"last_waitlist_number":3,"unproved":1,"unproved_waiting":0},
{"cafe_id":"01a2285a-a5da-7539-a7ea-043fdf4db069","capacity":2,"target_capacity":null,"state":"open","waitlist_open":true,"pooled":false,"version":3,"taken":2,"waitlisted":0,"present":0,"last_waitlist_number":0,"unproved":0,"unproved_waiting":0},
{"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","capacity":4,"target_capacity":null,"state":"open","waitlist_open":true,"pooled":false,"version":9,"taken":4,"waitlisted":0,"present":1,"last_waitlist_number":0,"unproved":1,"unproved_waiting":0},
{"cafe_id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","capacity":4,"target_capacity":null,"state":"open","waitlist_open":true,"pooled":true,"version":3,"taken":2,"waitlisted":0,"present":0,"last_waitlist_number":0,"unproved":0,"unproved_waiting":0},
{"cafe_id":"01a2285a-a607-7b04-a0c7-bd3d995c0199","capacity":4,"target_capacity":null,"state":"open","waitlist_open":true,"pooled":true,"version":2,"taken":1,"waitlisted":0,"present":0,"last_waitlist_number":0,"unproved":0,"unproved_waiting":0},
{"cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","capacity":4,"target_capacity":null,"state":"open","waitlist_open":true,"pooled":false,"version":4,"taken":2,"waitlisted":0,"present":1,"last_waitlist_number":0,"unproved":0,"unproved_waiting":0},
{"cafe_id":"01a2285a-aaa8-7935-9858-b247238bb422","capacity":5,"target_capacity":null,"state":"open","waitlist_open":true,"pooled":false,"version":1,"taken":1,"waitlisted":0,"present":0,"last_waitlist_number":0,"unproved":0,"unproved_waiting":0}
]');

insert into delegation overriding system value select * from json_populate_recordset(null::delegation, '[
{"id":"01a2285a-a8db-774f-958c-88637c664082","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","mode":"each","created_at":"2026-11-29T17:29:19.833577+00:00"}
]');

insert into email_delivery overriding system value select * from json_populate_recordset(null::email_delivery, '[
{"outbox_id":"01a2285a-a6af-7fa8-9376-87ae10000001","message_id":"01a2285a-a6af-7fa8-9376-87ae10000001@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null},
{"outbox_id":"01a2285a-a6e8-79c8-8ae5-dcbe10000001","message_id":"01a2285a-a6e8-79c8-8ae5-dcbe10000001@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a699-79dc-9e20-83ab00fe73d6","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null},
{"outbox_id":"01a2285a-a720-7614-8217-2372d5c6f1a4","message_id":"01a2285a-a720-7614-8217-2372d5c6f1a4@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a6a1-7a94-94c4-d44e05f1e6fe","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null},
{"outbox_id":"01a2285a-a7f7-7f47-9162-957cf988ced1","message_id":"01a2285a-a7f7-7f47-9162-957cf988ced1@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null},
{"outbox_id":"01a2285a-a81e-7cf4-8c1f-bdbe7482d706","message_id":"01a2285a-a81e-7cf4-8c1f-bdbe7482d706@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a699-7a6b-bc28-1b3f2b35e7c7","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null},
{"outbox_id":"01a2285a-a8fb-7fbd-a330-1b663bae00cb","message_id":"01a2285a-a8fb-7fbd-a330-1b663bae00cb@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null},
{"outbox_id":"01a2285a-a981-73fe-a459-fd4187eb7299","message_id":"01a2285a-a981-73fe-a459-fd4187eb7299@localhost","status":"queued","attempts":0,"last_fault":null,"leased_by":null,"leased_until":null,"attendee_id":"01a2285a-a6a1-7bcb-b681-763e16704c33","sent_at":null,"updated_at":"2026-11-29T17:29:20.355455+00:00","budget_hour":null,"mailbox_at":null}
]');

insert into event overriding system value select * from json_populate_recordset(null::event, '[
{"id":"01a2285a-a562-7b50-9380-7a18aa542baf","slug":"event-btptp8xfs1m","title":{"en":"Meetings","fr":"Rencontres"},"time_zone":"Europe/Paris","starts_at":"2040-11-29T17:29:18.945946+00:00","ends_at":"2040-12-02T17:29:18.945946+00:00","locales":["fr","en"],"unproved_share_percent":50,"no_show_grace_minutes":10},
{"id":"01a2285a-aa8e-7aa1-84a9-a659fe1a4b0a","slug":"event-a0lnmfw6nkn","title":{"en":"Meetings","fr":"Rencontres"},"time_zone":"Europe/Paris","starts_at":"2026-11-29T17:29:20.270389+00:00","ends_at":"2026-12-02T17:29:20.270389+00:00","locales":["fr","en"],"unproved_share_percent":50,"no_show_grace_minutes":10}
]');

insert into guest_outcome overriding system value select * from json_populate_recordset(null::guest_outcome, '[
{"registration_id":"01a2285a-a90a-749b-842d-25ef5e974652","status":"confirmed","until":"2026-11-29T18:29:19.938859+00:00","proved":true}
]');

insert into idempotency_key overriding system value select * from json_populate_recordset(null::idempotency_key, '[
{"scope":"01a2285a-a696-746c-9798-85fceedaf924","key":"key","request_hash":"\\x00","status":201,"answer":{"id":1},"created_at":"2026-11-29T17:29:20.389133+00:00"}
]');

insert into mailbox_hold overriding system value select * from json_populate_recordset(null::mailbox_hold, '[
{"mailbox":"g3ff2njs4lp-1@example.org","held":1},
{"mailbox":"g3ff2njs4lp-2@example.org","held":1}
]');

insert into outbox overriding system value select * from json_populate_recordset(null::outbox, '[
{"id":"01a2285a-a6af-7fa8-9376-87ae10000001","kind":"confirmed","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","registration_id":"01a2285a-a6af-7fa8-9376-87ae10000001","challenge_id":null,"delegation_id":null,"cafe_id":null,"event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.278787+00:00","queued_at":null,"done_at":null},
{"id":"01a2285a-a6e8-79c8-8ae5-dcbe10000001","kind":"confirmed","attendee_id":"01a2285a-a699-79dc-9e20-83ab00fe73d6","registration_id":"01a2285a-a6e8-79c8-8ae5-dcbe10000001","challenge_id":null,"delegation_id":null,"cafe_id":null,"event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.336324+00:00","queued_at":null,"done_at":null},
{"id":"01a2285a-a720-7614-8217-2372d5c6f1a4","kind":"prove-address","attendee_id":"01a2285a-a6a1-7a94-94c4-d44e05f1e6fe","registration_id":"01a2285a-a720-7614-8217-2372d5c6f1a4","challenge_id":null,"delegation_id":null,"cafe_id":null,"event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.352806+00:00","queued_at":null,"done_at":null},
{"id":"01a2285a-a7f7-7f47-9162-957cf988ced1","kind":"cancelled","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","registration_id":"01a2285a-a6af-7fa8-9376-87ae10000001","challenge_id":null,"delegation_id":null,"cafe_id":null,"event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.578064+00:00","queued_at":null,"done_at":null},
{"id":"01a2285a-a81e-7cf4-8c1f-bdbe7482d706","kind":"offered","attendee_id":"01a2285a-a699-7a6b-bc28-1b3f2b35e7c7","registration_id":"01a2285a-a73c-7f6d-9607-273610000001","challenge_id":null,"delegation_id":null,"cafe_id":null,"event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.578064+00:00","queued_at":null,"done_at":null},
{"id":"01a2285a-a8fb-7fbd-a330-1b663bae00cb","kind":"delegation-summary","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","registration_id":null,"challenge_id":null,"delegation_id":"01a2285a-a8db-774f-958c-88637c664082","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.833577+00:00","queued_at":null,"done_at":null},
{"id":"01a2285a-a981-73fe-a459-fd4187eb7299","kind":"confirmed","attendee_id":"01a2285a-a6a1-7bcb-b681-763e16704c33","registration_id":"01a2285a-a90a-749b-842d-25ef5e974652","challenge_id":null,"delegation_id":null,"cafe_id":null,"event_id":null,"about_at":null,"created_at":"2026-11-29T17:29:19.938859+00:00","queued_at":null,"done_at":null}
]');

insert into outbox_batch overriding system value select * from json_populate_recordset(null::outbox_batch, '[
{"id":"01a2285a-a73c-7f6d-9607-273610000001","kind":"waitlisted","registration_ids":["01a2285a-a73c-7f6d-9607-273610000001"],"attendee_ids":["01a2285a-a699-7a6b-bc28-1b3f2b35e7c7"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.419707+00:00"},
{"id":"01a2285a-a756-70fd-9986-2ba310000001","kind":"waitlisted","registration_ids":["01a2285a-a756-70fd-9986-2ba310000001"],"attendee_ids":["01a2285a-a699-7a82-9352-9d1ea7c0813e"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.445701+00:00"},
{"id":"01a2285a-a764-75fc-997e-30c710000001","kind":"waitlisted","registration_ids":["01a2285a-a764-75fc-997e-30c710000001"],"attendee_ids":["01a2285a-a699-7a93-994a-6013cd743e04"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.460046+00:00"},
{"id":"01a2285a-a76e-78d9-877c-ac4010000001","kind":"confirmed","registration_ids":["01a2285a-a76e-78d9-877c-ac4010000001"],"attendee_ids":["01a2285a-a699-7a6b-bc28-1b3f2b35e7c7"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.470343+00:00"},
{"id":"01a2285a-a84a-761c-95a5-3edb10000001","kind":"confirmed","registration_ids":["01a2285a-a84a-761c-95a5-3edb10000001"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.674427+00:00"},
{"id":"01a2285a-a8b8-7583-ad70-096737511623","kind":"swapped","registration_ids":["01a2285a-a8b8-7583-ad70-096737511623"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.778875+00:00"},
{"id":"01a2285a-a8dd-75fc-86ea-7ce310000001","kind":"confirmed","registration_ids":["01a2285a-a8dd-75fc-86ea-7ce310000001"],"attendee_ids":["01a2285a-a699-7aa3-922f-87aa7c550dc9"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.833577+00:00"},
{"id":"01a2285a-a8f0-7ae2-ac8d-61a46e6281a5","kind":"prove-address","registration_ids":["01a2285a-a8f0-7ae2-ac8d-61a46e6281a5"],"attendee_ids":["01a2285a-a6a1-7bb0-8b42-646e74f2cc5e"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.833577+00:00"},
{"id":"01a2285a-a90a-749b-842d-25ef5e974652","kind":"prove-address","registration_ids":["01a2285a-a90a-749b-842d-25ef5e974652"],"attendee_ids":["01a2285a-a6a1-7bcb-b681-763e16704c33"],"challenge_ids":[],"created_at":"2026-11-29T17:29:19.88162+00:00"},
{"id":"01a2285a-aa1d-7dd6-b52c-0ca210000001","kind":"confirmed","registration_ids":["01a2285a-aa1d-7dd6-b52c-0ca210000001"],"attendee_ids":["01a2285a-a699-7ab2-9548-6eba23acbda8"],"challenge_ids":[],"created_at":"2026-11-29T17:29:20.157666+00:00"},
{"id":"01a2285a-aa2f-720c-a024-bccc10000001","kind":"confirmed","registration_ids":["01a2285a-aa2f-720c-a024-bccc10000001"],"attendee_ids":["01a2285a-a699-7ac0-8394-bb0faeaf4cd9"],"challenge_ids":[],"created_at":"2026-11-29T17:29:20.174901+00:00"},
{"id":"01a2285a-aa3c-75e0-a56e-75d410000001","kind":"confirmed","registration_ids":["01a2285a-aa3c-75e0-a56e-75d410000001"],"attendee_ids":["01a2285a-a699-79dc-9e20-83ab00fe73d6"],"challenge_ids":[],"created_at":"2026-11-29T17:29:20.188161+00:00"},
{"id":"01a2285a-aa7e-75c2-9caf-260410000001","kind":"confirmed","registration_ids":["01a2285a-aa7e-75c2-9caf-260410000001"],"attendee_ids":["01a2285a-a699-7ac0-8394-bb0faeaf4cd9"],"challenge_ids":[],"created_at":"2026-11-29T17:29:20.254143+00:00"},
{"id":"01a2285a-aad1-7a81-a89f-f8f210000001","kind":"confirmed","registration_ids":["01a2285a-aad1-7a81-a89f-f8f210000001","01a2285a-aad1-7a81-a89f-f8f210000002"],"attendee_ids":["01a2285a-aac4-7ac6-804c-fd0342fb4705","01a2285a-aac4-7c0b-873a-279f4d5cb0aa"],"challenge_ids":[],"created_at":"2026-11-29T17:29:20.337296+00:00"}
]');

insert into pending_change overriding system value select * from json_populate_recordset(null::pending_change, '[
{"id":"01a2285a-aa57-740f-9f07-375ca8e6e681","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","cause":"line-closed","registration_ids":[],"state_before":"open","waitlist_open_before":true,"covers_earlier":false,"changed_by":null,"applies_at":"2026-11-29T17:29:30.207517+00:00"}
]');

insert into registration overriding system value select * from json_populate_recordset(null::registration, '[
{"id":"01a2285a-a6af-7fa8-9376-87ae10000001","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","status":"cancelled","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.278787+00:00","checked_in_at":null,"overlapping":false,"cause":"attendee","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a6e8-79c8-8ae5-dcbe10000001","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","attendee_id":"01a2285a-a699-79dc-9e20-83ab00fe73d6","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.336324+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a720-7614-8217-2372d5c6f1a4","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","attendee_id":"01a2285a-a6a1-7a94-94c4-d44e05f1e6fe","status":"held","waitlist_number":null,"expires_at":"2026-11-29T17:59:19.352806+00:00","created_at":"2026-11-29T17:29:19.352806+00:00","checked_in_at":null,"overlapping":false,"cause":"guest","changed_by":null,"delegation_id":null,"guest":true,"prove_by":null},
{"id":"01a2285a-a73c-7f6d-9607-273610000001","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","attendee_id":"01a2285a-a699-7a6b-bc28-1b3f2b35e7c7","status":"offered","waitlist_number":1,"expires_at":"2026-11-29T21:29:19.578064+00:00","created_at":"2026-11-29T17:29:19.419707+00:00","checked_in_at":null,"overlapping":true,"cause":"line","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a756-70fd-9986-2ba310000001","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","attendee_id":"01a2285a-a699-7a82-9352-9d1ea7c0813e","status":"waitlisted","waitlist_number":2,"expires_at":null,"created_at":"2026-11-29T17:29:19.445701+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a764-75fc-997e-30c710000001","cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","attendee_id":"01a2285a-a699-7a93-994a-6013cd743e04","status":"waitlisted","waitlist_number":3,"expires_at":null,"created_at":"2026-11-29T17:29:19.460046+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a76e-78d9-877c-ac4010000001","cafe_id":"01a2285a-a5da-7539-a7ea-043fdf4db069","attendee_id":"01a2285a-a699-7a6b-bc28-1b3f2b35e7c7","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.470343+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a84a-761c-95a5-3edb10000001","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","status":"cancelled","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.674427+00:00","checked_in_at":null,"overlapping":false,"cause":"swap","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a8b8-7583-ad70-096737511623","cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","attendee_id":"01a2285a-a696-746c-9798-85fceedaf924","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.778875+00:00","checked_in_at":"2026-11-29T17:29:20.114695+00:00","overlapping":false,"cause":"check-in","changed_by":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a8dd-75fc-86ea-7ce310000001","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","attendee_id":"01a2285a-a699-7aa3-922f-87aa7c550dc9","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.833577+00:00","checked_in_at":null,"overlapping":false,"cause":"delegation","changed_by":"01a2285a-a696-746c-9798-85fceedaf924","delegation_id":"01a2285a-a8db-774f-958c-88637c664082","guest":false,"prove_by":null},
{"id":"01a2285a-a8f0-7ae2-ac8d-61a46e6281a5","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","attendee_id":"01a2285a-a6a1-7bb0-8b42-646e74f2cc5e","status":"held","waitlist_number":null,"expires_at":"2026-11-29T17:59:19.833577+00:00","created_at":"2026-11-29T17:29:19.833577+00:00","checked_in_at":null,"overlapping":false,"cause":"guest","changed_by":"01a2285a-a696-746c-9798-85fceedaf924","delegation_id":"01a2285a-a8db-774f-958c-88637c664082","guest":true,"prove_by":null},
{"id":"01a2285a-a90a-749b-842d-25ef5e974652","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","attendee_id":"01a2285a-a6a1-7bcb-b681-763e16704c33","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:19.88162+00:00","checked_in_at":null,"overlapping":false,"cause":"proof","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-a9c4-75f4-9732-dbeac24e4285","cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","attendee_id":"01a2285a-a699-7ab2-9548-6eba23acbda8","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.051559+00:00","checked_in_at":"2026-11-29T17:29:20.051559+00:00","overlapping":false,"cause":"walk-in","changed_by":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-aa1d-7dd6-b52c-0ca210000001","cafe_id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","attendee_id":"01a2285a-a699-7ab2-9548-6eba23acbda8","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.157666+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-aa2f-720c-a024-bccc10000001","cafe_id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","attendee_id":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.174901+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-aa3c-75e0-a56e-75d410000001","cafe_id":"01a2285a-a607-7b04-a0c7-bd3d995c0199","attendee_id":"01a2285a-a699-79dc-9e20-83ab00fe73d6","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.188161+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-aa7e-75c2-9caf-260410000001","cafe_id":"01a2285a-a5da-7539-a7ea-043fdf4db069","attendee_id":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.254143+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-aad1-7a81-a89f-f8f210000001","cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","attendee_id":"01a2285a-aac4-7ac6-804c-fd0342fb4705","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.337296+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null},
{"id":"01a2285a-aad1-7a81-a89f-f8f210000002","cafe_id":"01a2285a-aaa8-7935-9858-b247238bb422","attendee_id":"01a2285a-aac4-7c0b-873a-279f4d5cb0aa","status":"confirmed","waitlist_number":null,"expires_at":null,"created_at":"2026-11-29T17:29:20.337296+00:00","checked_in_at":null,"overlapping":false,"cause":"claim","changed_by":null,"delegation_id":null,"guest":false,"prove_by":null}
]');

insert into role_change overriding system value select * from json_populate_recordset(null::role_change, '[
{"id":"01a2285a-aaf5-7449-975b-aaf089f2e04e","at":"2026-11-29T17:29:20.373031+00:00","change":"granted","changed_by":null,"attendee_id":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","role":"organiser","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":null},
{"id":"01a2285a-aaf5-790e-9d4e-e8bf17a05efe","at":"2026-11-29T17:29:20.373031+00:00","change":"granted","changed_by":null,"attendee_id":"01a2285a-a699-7ab2-9548-6eba23acbda8","role":"host","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a576-77f6-9941-36e2e091bb25"}
]');

insert into role_grant overriding system value select * from json_populate_recordset(null::role_grant, '[
{"id":"01a2285a-aaec-7998-b729-dea2132472b8","attendee_id":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","role":"organiser","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":null},
{"id":"01a2285a-aaef-7e9f-855a-49c874620614","attendee_id":"01a2285a-a699-7ab2-9548-6eba23acbda8","role":"host","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","room_id":"01a2285a-a576-77f6-9941-36e2e091bb25"}
]');

insert into room overriding system value select * from json_populate_recordset(null::room, '[
{"id":"01a2285a-a576-77f6-9941-36e2e091bb25","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","code":"room-0","name":"Salle 0","capacity":100000,"position":0},
{"id":"01a2285a-a581-754e-8af6-902680011ceb","event_id":"01a2285a-a562-7b50-9380-7a18aa542baf","code":"room-1","name":"Salle 1","capacity":6,"position":1},
{"id":"01a2285a-aa99-7965-8b8d-3a19184d41ef","event_id":"01a2285a-aa8e-7aa1-84a9-a659fe1a4b0a","code":"room-0","name":"Salle 0","capacity":100000,"position":0}
]');

insert into room_slot overriding system value select * from json_populate_recordset(null::room_slot, '[
{"room_id":"01a2285a-a581-754e-8af6-902680011ceb","starts_at":"2040-11-30T10:00:00+00:00","ends_at":"2040-11-30T10:45:00+00:00","capacity":6,"taken":3}
]');

insert into seat_event overriding system value select * from json_populate_recordset(null::seat_event, '[
{"id":1,"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","version":0,"at":"2026-11-29T17:29:18.982178+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T08:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":3,"startsAt":"2026-11-30T08:00:00+00:00","waitlistOpen":true}},
{"id":2,"cafe_id":"01a2285a-a5da-7539-a7ea-043fdf4db069","version":0,"at":"2026-11-29T17:29:19.066017+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T08:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":2,"startsAt":"2026-11-30T08:00:00+00:00","waitlistOpen":true}},
{"id":3,"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","version":0,"at":"2026-11-29T17:29:19.083242+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T09:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":4,"startsAt":"2026-11-30T09:00:00+00:00","waitlistOpen":true}},
{"id":4,"cafe_id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","version":0,"at":"2026-11-29T17:29:19.102404+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T10:45:00+00:00","roomId":"01a2285a-a581-754e-8af6-902680011ceb","target":null,"capacity":4,"startsAt":"2026-11-30T10:00:00+00:00","waitlistOpen":true}},
{"id":5,"cafe_id":"01a2285a-a607-7b04-a0c7-bd3d995c0199","version":0,"at":"2026-11-29T17:29:19.111445+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T10:45:00+00:00","roomId":"01a2285a-a581-754e-8af6-902680011ceb","target":null,"capacity":4,"startsAt":"2026-11-30T10:00:00+00:00","waitlistOpen":true}},
{"id":6,"cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","version":0,"at":"2026-11-29T17:29:19.127574+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T11:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":4,"startsAt":"2026-11-30T11:00:00+00:00","waitlistOpen":true}},
{"id":7,"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","version":1,"at":"2026-11-29T17:29:19.154374+00:00","what":"cafe","cause":"move","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T08:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":3,"startsAt":"2040-11-30T08:00:00+00:00","waitlistOpen":true}},
{"id":8,"cafe_id":"01a2285a-a5da-7539-a7ea-043fdf4db069","version":1,"at":"2026-11-29T17:29:19.154374+00:00","what":"cafe","cause":"move","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T08:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":2,"startsAt":"2040-11-30T08:00:00+00:00","waitlistOpen":true}},
{"id":9,"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","version":1,"at":"2026-11-29T17:29:19.154374+00:00","what":"cafe","cause":"move","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T09:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":4,"startsAt":"2040-11-30T09:00:00+00:00","waitlistOpen":true}},
{"id":10,"cafe_id":"01a2285a-a5fe-7c05-ac8c-438b3e188f5d","version":1,"at":"2026-11-29T17:29:19.154374+00:00","what":"cafe","cause":"move","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T10:45:00+00:00","roomId":"01a2285a-a581-754e-8af6-902680011ceb","target":null,"capacity":4,"startsAt":"2040-11-30T10:00:00+00:00","waitlistOpen":true}},
{"id":11,"cafe_id":"01a2285a-a607-7b04-a0c7-bd3d995c0199","version":1,"at":"2026-11-29T17:29:19.154374+00:00","what":"cafe","cause":"move","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T10:45:00+00:00","roomId":"01a2285a-a581-754e-8af6-902680011ceb","target":null,"capacity":4,"startsAt":"2040-11-30T10:00:00+00:00","waitlistOpen":true}},
{"id":12,"cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","version":1,"at":"2026-11-29T17:29:19.154374+00:00","what":"cafe","cause":"move","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T11:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":4,"startsAt":"2040-11-30T11:00:00+00:00","waitlistOpen":true}},
{"id":13,"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","version":8,"at":"2026-11-29T17:29:19.578064+00:00","what":"cancelled","cause":"attendee","changed_by":null,"registration_ids":["01a2285a-a6af-7fa8-9376-87ae10000001"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"expires_at":null,"overlapping":false,"cafe":null},
{"id":14,"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","version":9,"at":"2026-11-29T17:29:19.578064+00:00","what":"offered","cause":"line","changed_by":null,"registration_ids":["01a2285a-a73c-7f6d-9607-273610000001"],"attendee_ids":["01a2285a-a699-7a6b-bc28-1b3f2b35e7c7"],"expires_at":"2026-11-29T21:29:19.578064+00:00","overlapping":true,"cafe":null},
{"id":15,"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","version":3,"at":"2026-11-29T17:29:19.778875+00:00","what":"cancelled","cause":"swap","changed_by":null,"registration_ids":["01a2285a-a84a-761c-95a5-3edb10000001"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"expires_at":null,"overlapping":false,"cafe":null},
{"id":16,"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","version":7,"at":"2026-11-29T17:29:19.938859+00:00","what":"confirmed","cause":"proof","changed_by":null,"registration_ids":["01a2285a-a90a-749b-842d-25ef5e974652"],"attendee_ids":["01a2285a-a6a1-7bcb-b681-763e16704c33"],"expires_at":null,"overlapping":false,"cafe":null},
{"id":17,"cafe_id":"01a2285a-a5eb-77c0-a024-3c630b7e163d","version":9,"at":"2026-11-29T17:29:20.051559+00:00","what":"checked-in","cause":"walk-in","changed_by":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","registration_ids":["01a2285a-a9c4-75f4-9732-dbeac24e4285"],"attendee_ids":["01a2285a-a699-7ab2-9548-6eba23acbda8"],"expires_at":null,"overlapping":false,"cafe":null},
{"id":18,"cafe_id":"01a2285a-a617-7ecf-8ced-04b898138265","version":3,"at":"2026-11-29T17:29:20.114695+00:00","what":"checked-in","cause":"check-in","changed_by":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","registration_ids":["01a2285a-a8b8-7583-ad70-096737511623"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"expires_at":null,"overlapping":false,"cafe":null},
{"id":19,"cafe_id":"01a2285a-a586-7dc2-a6b8-3941d107418a","version":10,"at":"2026-11-29T17:29:20.207517+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2040-11-30T08:45:00+00:00","roomId":"01a2285a-a576-77f6-9941-36e2e091bb25","target":null,"capacity":3,"startsAt":"2040-11-30T08:00:00+00:00","waitlistOpen":false}},
{"id":20,"cafe_id":"01a2285a-aaa8-7935-9858-b247238bb422","version":0,"at":"2026-11-29T17:29:20.296194+00:00","what":"cafe","cause":"organiser","changed_by":null,"registration_ids":[],"attendee_ids":[],"expires_at":null,"overlapping":null,"cafe":{"state":"open","endsAt":"2026-11-30T08:45:00+00:00","roomId":"01a2285a-aa99-7965-8b8d-3a19184d41ef","target":null,"capacity":5,"startsAt":"2026-11-30T08:00:00+00:00","waitlistOpen":true}}
]');

insert into seat_event_made overriding system value select * from json_populate_recordset(null::seat_event_made, '[
{"at":"2026-11-29T17:29:19.278787+00:00","id":"01a2285a-a6af-7fa8-9376-87ae10000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a586-7dc2-a6b8-3941d107418a"],"versions":[2],"registration_ids":["01a2285a-a6af-7fa8-9376-87ae10000001"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.336324+00:00","id":"01a2285a-a6e8-79c8-8ae5-dcbe10000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a586-7dc2-a6b8-3941d107418a"],"versions":[3],"registration_ids":["01a2285a-a6e8-79c8-8ae5-dcbe10000001"],"attendee_ids":["01a2285a-a699-79dc-9e20-83ab00fe73d6"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.352806+00:00","id":"01a2285a-a720-7614-8217-2372d5c6f1a4","status":"held","cause":"guest","changed_by":null,"cafe_ids":["01a2285a-a586-7dc2-a6b8-3941d107418a"],"versions":[4],"registration_ids":["01a2285a-a720-7614-8217-2372d5c6f1a4"],"attendee_ids":["01a2285a-a6a1-7a94-94c4-d44e05f1e6fe"],"waitlist_numbers":[],"expires_at":"2026-11-29T17:59:19.352806+00:00","overlapping":false},
{"at":"2026-11-29T17:29:19.419707+00:00","id":"01a2285a-a73c-7f6d-9607-273610000001","status":"waitlisted","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a586-7dc2-a6b8-3941d107418a"],"versions":[5],"registration_ids":["01a2285a-a73c-7f6d-9607-273610000001"],"attendee_ids":["01a2285a-a699-7a6b-bc28-1b3f2b35e7c7"],"waitlist_numbers":[1],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.445701+00:00","id":"01a2285a-a756-70fd-9986-2ba310000001","status":"waitlisted","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a586-7dc2-a6b8-3941d107418a"],"versions":[6],"registration_ids":["01a2285a-a756-70fd-9986-2ba310000001"],"attendee_ids":["01a2285a-a699-7a82-9352-9d1ea7c0813e"],"waitlist_numbers":[2],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.460046+00:00","id":"01a2285a-a764-75fc-997e-30c710000001","status":"waitlisted","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a586-7dc2-a6b8-3941d107418a"],"versions":[7],"registration_ids":["01a2285a-a764-75fc-997e-30c710000001"],"attendee_ids":["01a2285a-a699-7a93-994a-6013cd743e04"],"waitlist_numbers":[3],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.470343+00:00","id":"01a2285a-a76e-78d9-877c-ac4010000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a5da-7539-a7ea-043fdf4db069"],"versions":[2],"registration_ids":["01a2285a-a76e-78d9-877c-ac4010000001"],"attendee_ids":["01a2285a-a699-7a6b-bc28-1b3f2b35e7c7"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.674427+00:00","id":"01a2285a-a84a-761c-95a5-3edb10000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a5eb-77c0-a024-3c630b7e163d"],"versions":[2],"registration_ids":["01a2285a-a84a-761c-95a5-3edb10000001"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.778875+00:00","id":"01a2285a-a8b8-7583-ad70-096737511623","status":"confirmed","cause":"swap","changed_by":null,"cafe_ids":["01a2285a-a617-7ecf-8ced-04b898138265"],"versions":[2],"registration_ids":["01a2285a-a8b8-7583-ad70-096737511623"],"attendee_ids":["01a2285a-a696-746c-9798-85fceedaf924"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.833577+00:00","id":"01a2285a-a8dd-75fc-86ea-7ce310000001","status":"confirmed","cause":"delegation","changed_by":"01a2285a-a696-746c-9798-85fceedaf924","cafe_ids":["01a2285a-a5eb-77c0-a024-3c630b7e163d"],"versions":[4],"registration_ids":["01a2285a-a8dd-75fc-86ea-7ce310000001"],"attendee_ids":["01a2285a-a699-7aa3-922f-87aa7c550dc9"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:19.833577+00:00","id":"01a2285a-a8f0-7ae2-ac8d-61a46e6281a5","status":"held","cause":"guest","changed_by":"01a2285a-a696-746c-9798-85fceedaf924","cafe_ids":["01a2285a-a5eb-77c0-a024-3c630b7e163d"],"versions":[5],"registration_ids":["01a2285a-a8f0-7ae2-ac8d-61a46e6281a5"],"attendee_ids":["01a2285a-a6a1-7bb0-8b42-646e74f2cc5e"],"waitlist_numbers":[],"expires_at":"2026-11-29T17:59:19.833577+00:00","overlapping":false},
{"at":"2026-11-29T17:29:19.88162+00:00","id":"01a2285a-a90a-749b-842d-25ef5e974652","status":"held","cause":"guest","changed_by":null,"cafe_ids":["01a2285a-a5eb-77c0-a024-3c630b7e163d"],"versions":[6],"registration_ids":["01a2285a-a90a-749b-842d-25ef5e974652"],"attendee_ids":["01a2285a-a6a1-7bcb-b681-763e16704c33"],"waitlist_numbers":[],"expires_at":"2026-11-29T17:59:19.88162+00:00","overlapping":false},
{"at":"2026-11-29T17:29:20.051559+00:00","id":"01a2285a-a9c4-75f4-9732-dbeac24e4285","status":"confirmed","cause":"walk-in","changed_by":"01a2285a-a699-7ac0-8394-bb0faeaf4cd9","cafe_ids":["01a2285a-a5eb-77c0-a024-3c630b7e163d"],"versions":[8],"registration_ids":["01a2285a-a9c4-75f4-9732-dbeac24e4285"],"attendee_ids":["01a2285a-a699-7ab2-9548-6eba23acbda8"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:20.157666+00:00","id":"01a2285a-aa1d-7dd6-b52c-0ca210000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a5fe-7c05-ac8c-438b3e188f5d"],"versions":[2],"registration_ids":["01a2285a-aa1d-7dd6-b52c-0ca210000001"],"attendee_ids":["01a2285a-a699-7ab2-9548-6eba23acbda8"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:20.174901+00:00","id":"01a2285a-aa2f-720c-a024-bccc10000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a5fe-7c05-ac8c-438b3e188f5d"],"versions":[3],"registration_ids":["01a2285a-aa2f-720c-a024-bccc10000001"],"attendee_ids":["01a2285a-a699-7ac0-8394-bb0faeaf4cd9"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:20.188161+00:00","id":"01a2285a-aa3c-75e0-a56e-75d410000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a607-7b04-a0c7-bd3d995c0199"],"versions":[2],"registration_ids":["01a2285a-aa3c-75e0-a56e-75d410000001"],"attendee_ids":["01a2285a-a699-79dc-9e20-83ab00fe73d6"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:20.254143+00:00","id":"01a2285a-aa7e-75c2-9caf-260410000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a5da-7539-a7ea-043fdf4db069"],"versions":[3],"registration_ids":["01a2285a-aa7e-75c2-9caf-260410000001"],"attendee_ids":["01a2285a-a699-7ac0-8394-bb0faeaf4cd9"],"waitlist_numbers":[],"expires_at":null,"overlapping":false},
{"at":"2026-11-29T17:29:20.337296+00:00","id":"01a2285a-aad1-7a81-a89f-f8f210000001","status":"confirmed","cause":"claim","changed_by":null,"cafe_ids":["01a2285a-a617-7ecf-8ced-04b898138265","01a2285a-aaa8-7935-9858-b247238bb422"],"versions":[4,1],"registration_ids":["01a2285a-aad1-7a81-a89f-f8f210000001","01a2285a-aad1-7a81-a89f-f8f210000002"],"attendee_ids":["01a2285a-aac4-7ac6-804c-fd0342fb4705","01a2285a-aac4-7c0b-873a-279f4d5cb0aa"],"waitlist_numbers":[],"expires_at":null,"overlapping":false}
]');

insert into sign_in_challenge overriding system value select * from json_populate_recordset(null::sign_in_challenge, '[
{"id":"01a2285a-aafb-7525-9eaa-c4cbf8ab5f3b","email":"someone@example.org","locale":"fr","created_at":"2026-11-29T17:29:20.379142+00:00","expires_at":"2026-11-29T18:29:20.379142+00:00","attempts":0,"used_at":null,"reusable":false,"registration_id":null,"digits":6,"code_expires_at":"2026-11-29T17:39:20.379142+00:00","used_by_claim_at":null,"unannounced":false}
]');

insert into typed_name overriding system value select * from json_populate_recordset(null::typed_name, '[
{"registration_id":"01a2285a-a720-7614-8217-2372d5c6f1a4","name":"Inès","organisation":null},
{"registration_id":"01a2285a-a9c4-75f4-9732-dbeac24e4285","name":"Gus","organisation":"Ville"}
]');

select setval(pg_get_serial_sequence('seat_event', 'id'), (select max(id) from seat_event));

reset session_replication_role;
reset check_function_bodies;
