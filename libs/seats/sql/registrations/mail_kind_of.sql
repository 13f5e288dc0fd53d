-- The message that a change of a registration owes its person; null where there is none.
create or replace function mail_kind_of(was registration_status, is_now registration_status, cause seat_cause, waited boolean)
returns mail_kind language sql immutable as $$
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
$$;
