-- Handles the request of an address for a mail with a code and a link. Writes the mail into the outbox in the transaction that writes its
-- challenge. It reuses an open challenge whose code is good for five minutes or more: a challenge that this browser asked for (`p_asked`:
-- ids of challenges and registrations), otherwise the newest of the address.
-- `p_link_of`: the challenge whose link is open in the browser. It is reused as long as the link is good.
-- `p_locale`: the requested language. Without one, the language of the attendee, then `p_locale_fallback`.
-- `is_new`: this call created the challenge.
-- `again_in_seconds`: no mail is sent now. The reason is one of three: the mailbox got a mail recently whose code is still good; it got all
-- mails of this hour; or the budget of mails to unproved addresses is spent (`p_share`: the part of the budget that this client may use).
-- The last code that was sent to the address stays good for a minute longer than that.
-- `is_later`: there is no such code. A proved address gets the same answer, but a mail is sent to it nevertheless, up to twice in an hour,
-- so that other clients cannot block the sign-in of its owner by asking for mails.
create or replace function sign_in_ask(
  p_email text, p_locale text, p_asked uuid[], p_link_of uuid, p_link_ttl interval, p_code_ttl interval, p_share numeric,
  p_locale_fallback text default null,
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
    -- A random id if the address has no challenge, or has only an unannounced one: the cookie does not reveal the difference.
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
      p_email, coalesce(p_locale, v_attendee.locale, p_locale_fallback, 'fr'), sign_in_digits(p_email),
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
