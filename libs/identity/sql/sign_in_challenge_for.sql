-- Returns the challenge for a mail that is being written, good until `p_until` at least. A registration keeps its challenge as long as the
-- link is good.
create or replace function sign_in_challenge_for(
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
