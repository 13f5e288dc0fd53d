-- Returns when an offer that is made now expires. When the Café starts soon: after seats_near_offer, and no later than the end of the Café.
-- Otherwise: after seats_far_offer, and no later than the time when the Café starts soon, but not before seats_near_offer.
create or replace function offer_expires_at(p_starts_at timestamptz, p_ends_at timestamptz) returns timestamptz language sql stable as $$
  select case
    when starts_soon(p_starts_at) then least(seats_now() + seats_near_offer(), p_ends_at)
    else least(seats_now() + seats_far_offer(), greatest(p_starts_at - seats_near_start(), seats_now() + seats_near_offer()))
  end
$$;
