-- Whether a Café with this start is near (seats_near_start).
create or replace function starts_soon(p_starts_at timestamptz) returns boolean language sql stable as $$
  select p_starts_at <= seats_now() + seats_near_start()
$$;
