-- Codes, links and sessions. Owner: libs/people.

alter table sign_in_challenge
  -- The guest registration whose mail holds the code and the link; null where an address asked to sign in.
  add column registration_id uuid,
  -- How long the code is: longer for people with a role.
  add column digits integer not null default 6,
  -- The code ends before the link, which `expires_at` ends.
  add column code_expires_at timestamptz not null default now() + interval '10 minutes',
  -- The page that claimed holds a claim token: it may use the code once more after the link was opened in another browser.
  add column used_by_claim_at timestamptz,
  add constraint sign_in_challenge_digits check (digits in (6, 8));

-- Tries that come with the token of its link, or with the claim token of its registration: at most 10. Others are counted by address (code_tries).
comment on column sign_in_challenge.attempts is 'tries with the token of its link or the claim token of its registration, at most 10';

-- One challenge at a time for one registration.
create unique index sign_in_challenge_registration on sign_in_challenge (registration_id) where used_at is null;

-- When codes were tried, by a keyed digest of what they are codes of: an address, or the id of a registration. Rows without a try for 25 hours go.
create table code_tries (
  subject text primary key,
  -- Oldest first, those of the last day. The limits keep it short.
  tried_at timestamptz[] not null,
  -- When a try was made or refused last.
  last_at timestamptz not null default now()
);
create index code_tries_last_at on code_tries (last_at);

-- Mails with a code that an address asked for, to space them. Rows go after a day.
create table sign_in_mails (
  email text primary key,
  -- How many since the address was last quiet for an hour.
  mails integer not null default 0,
  last_at timestamptz not null default '-infinity'
);

-- All sessions of one person that were issued until this instant ended: the person's id then stands in `session_id`. Null: the session of this id,
-- or every session of a person who was erased, whenever it was issued.
alter table session_revocation add column issued_until timestamptz;

-- Count one try of a code: at most 10 in an hour and 30 in a day for one subject. Returns null, or for how many seconds no more is allowed.
-- A refused try is not counted. Call it in a statement of its own: it must be committed before the code is compared.
create function code_try(p_subject text) returns integer language plpgsql as $$
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
$$;

-- How long the code of an address is.
create function sign_in_digits(p_email text) returns integer language sql stable as $$
  select case when exists (
    select from role_grant g join attendee a on a.id = g.attendee_id where a.email = p_email
  ) then 8 else 6 end
$$;

-- How long an address waits for the next mail with a code after this many.
create function sign_in_pause(p_mails integer) returns interval language sql immutable as $$
  select coalesce(
    (array['0', '0', '30 seconds', '1 minute', '2 minutes', '4 minutes', '8 minutes', '15 minutes']::interval[])[least(p_mails, 7) + 1],
    '0'
  )
$$;

-- An address asks for a mail with a code and a link. The mail is written into the outbox in the same statement as its challenge. A challenge that this
-- browser asked for (`p_asked` holds ids of challenges and registrations), else the newest of the address, is sent again while its code is good for
-- five minutes. During a pause nothing is sent, as long as the code that was sent last is good; it stays good for a minute longer than the pause.
-- `p_link_of`: the challenge whose link the browser has open; it is the one that is sent again, as long as that link is good.
-- `is_new`: this request made the challenge. Who finds one did not ask for it.
create function sign_in_ask(
  p_email text, p_locale text, p_asked uuid[], p_link_of uuid, p_link_ttl interval, p_code_ttl interval,
  out challenge_id uuid, out is_new boolean, out again_in_seconds integer
) language plpgsql as $$
declare
  v_now timestamptz;
  v_mails sign_in_mails;
  v_open sign_in_challenge;
  v_attendee attendee;
  v_good_until timestamptz;
begin
  is_new := false;
  -- One at a time for one address.
  insert into sign_in_mails as m (email) values (p_email)
  on conflict (email) do update set email = excluded.email
  returning m.* into v_mails;
  v_now := clock_timestamp();
  if v_mails.last_at < v_now - interval '1 hour' then
    v_mails.mails := 0;
  end if;
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
  if v_open.code_expires_at > v_now and v_mails.last_at + sign_in_pause(v_mails.mails) > v_now then
    again_in_seconds := ceil(extract(epoch from v_mails.last_at + sign_in_pause(v_mails.mails) - v_now));
    return;
  end if;
  v_mails.mails := v_mails.mails + 1;
  v_good_until := v_now + sign_in_pause(v_mails.mails) + interval '1 minute';
  select a.* into v_attendee from attendee a where a.email = p_email;
  if v_open.id = p_link_of then
    v_good_until := greatest(v_good_until, v_now + p_code_ttl);
  end if;
  if v_open.id = p_link_of or v_open.code_expires_at >= v_now + interval '5 minutes' then
    update sign_in_challenge c
    set locale = coalesce(p_locale, c.locale), code_expires_at = greatest(c.code_expires_at, v_good_until),
        expires_at = greatest(c.expires_at, v_good_until)
    where c.id = challenge_id;
  else
    is_new := true;
    insert into sign_in_challenge as c (email, locale, digits, code_expires_at, expires_at)
    values (
      p_email, coalesce(p_locale, v_attendee.locale, 'fr'), sign_in_digits(p_email),
      greatest(v_now + p_code_ttl, v_good_until), v_now + p_link_ttl
    )
    returning c.id into challenge_id;
  end if;
  insert into outbox (kind, attendee_id, challenge_id) values ('sign-in-code', v_attendee.id, challenge_id);
  update sign_in_mails set mails = v_mails.mails, last_at = v_now where email = p_email;
  perform pg_notify('outbox', '');
end
$$;

-- The challenge for a mail that is being written, good until `p_until` at least. One registration has one as long as its link is good.
create function sign_in_challenge_for(
  p_email text, p_locale text, p_registration_id uuid, p_until timestamptz, p_link_ttl interval, p_code_ttl interval
) returns uuid language sql as $$
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
$$;

-- A sign-in ends the challenges of its address, but for links of operators. Returns whether it was the first with this challenge: of several at
-- once, one is let in. `p_by_claim`: the page that claimed brings its claim token; its own use counts apart from that of other browsers.
create function sign_in_consume(p_id uuid, p_by_claim boolean) returns boolean language plpgsql as $$
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
$$;
