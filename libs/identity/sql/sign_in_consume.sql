-- Consumes a challenge: the sign-in ends all challenges of its address, except links of operators. Returns whether this was the first use
-- of the challenge: of several simultaneous uses, one succeeds. `p_by_claim`: the page that claimed presented its claim token. This use is
-- recorded separately from a use in other browsers.
create or replace function sign_in_consume(p_id uuid, p_by_claim boolean) returns boolean language plpgsql as $$
declare
  v_email text;
begin
  select email into v_email from sign_in_challenge where id = p_id;
  -- Locked in one order, so that two sign-ins of one address do not deadlock.
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
