-- Until when an offer made now stands: ten minutes where the Café starts within two hours; else four hours, and no
-- longer than until those two hours begin.
create or replace function offer_expires_at(starts_at timestamptz, ends_at timestamptz) returns timestamptz language sql stable as $$
  select case
    when starts_at <= seats_now() + interval '2 hours' then least(seats_now() + interval '10 minutes', ends_at)
    else least(seats_now() + interval '4 hours', greatest(starts_at - interval '2 hours', seats_now() + interval '10 minutes'))
  end
$$;
