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
  -- Its mail went to a proved address although the answer was that no mail goes now: the answers do not count it.
  add column unannounced boolean not null default false,
  add constraint sign_in_challenge_digits check (digits in (6, 8));

-- The client that typed this address last had caused many mails before: its mails use a part of the budget of unproved addresses alone.
alter table attendee add column later_mails boolean not null default false;

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

-- Mails with a code, by the mailbox that they reach (mailbox_of): those that were asked for to sign in and those of guest registrations. Rows go after a day.
create table sign_in_mails (
  mailbox text primary key,
  -- Oldest first, those of the last hour.
  mailed_at timestamptz[] not null default '{}',
  -- The challenge of the last one that was asked for to sign in.
  challenge_id uuid
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

-- How long a mailbox waits for the next mail with a code after this many in an hour.
create function sign_in_pause(p_mails integer) returns interval language sql immutable as $$
  select coalesce(
    (array['0', '0', '30 seconds', '1 minute', '2 minutes', '4 minutes', '8 minutes']::interval[])[p_mails + 1],
    '8 minutes'
  )
$$;

-- So many mails with a code go to one mailbox in an hour.
create function mailbox_mails_max() returns integer language sql immutable as $$ select 6 $$;

-- Until when a mailbox gets no more, by its mails of the last hour; null where it may get one.
create function mailbox_full_until(p_mailed_at timestamptz[]) returns timestamptz language sql immutable as $$
  select p_mailed_at[cardinality(p_mailed_at) - mailbox_mails_max() + 1] + interval '1 hour'
$$;

-- When the mails of the last hour went to the mailbox of an address, oldest first. Its row stays locked until the end of the transaction:
-- who counts one more is one at a time.
create function mailbox_mails_lock(p_email text) returns timestamptz[] language plpgsql as $$
declare
  v_mailed_at timestamptz[];
begin
  insert into sign_in_mails as m (mailbox) values (mailbox_of(p_email))
  on conflict (mailbox) do update set mailbox = excluded.mailbox
  returning m.mailed_at into v_mailed_at;
  return array(select mailed from unnest(v_mailed_at) mailed where mailed > clock_timestamp() - interval '1 hour' order by mailed);
end
$$;

-- An address asks for a mail with a code and a link. The mail is written into the outbox in the same statement as its challenge. A challenge that this
-- browser asked for (`p_asked` holds ids of challenges and registrations), else the newest of the address, is sent again while its code is good for
-- five minutes.
-- `p_link_of`: the challenge whose link the browser has open; it is the one that is sent again, as long as that link is good.
-- `is_new`: this request made the challenge. Who finds one did not ask for it.
-- `again_in_seconds`: no mail goes now, because its mailbox got one lately whose code is good, or all that it gets in an hour, or because the budget of
-- mails to unproved addresses is spent (`p_share`: the part of it that this client may use). The code that was sent last to the address stays good for
-- a minute longer; where it has none, `is_later`. The answer is the same for a proved address, but that has a mail then too, twice in an hour:
-- nobody keeps its person out by asking for mails.
create function sign_in_ask(
  p_email text, p_locale text, p_asked uuid[], p_link_of uuid, p_link_ttl interval, p_code_ttl interval, p_share numeric,
  out challenge_id uuid, out is_new boolean, out again_in_seconds integer, out is_later boolean
) language plpgsql as $$
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
