-- When an offer made now expires: in a near Café after seats_near_offer, at its end at the latest; otherwise after seats_far_offer, when
-- the Café becomes near at the latest.
create or replace function offer_expires_at(p_starts_at timestamptz, p_ends_at timestamptz) returns timestamptz language sql stable as $$
  select case
    when starts_soon(p_starts_at) then least(seats_now() + seats_near_offer(), p_ends_at)
    else least(seats_now() + seats_far_offer(), greatest(p_starts_at - seats_near_start(), seats_now() + seats_near_offer()))
  end
$$;
