-- Returns the kind of message to the attendee about a change of a registration; null for no message. Every branch has the result type
-- itself, so that Postgres inlines the function: a call for each row would be the most expensive part of the statement.
create or replace function mail_kind_of(p_before registration_status, p_after registration_status, p_cause seat_cause, p_waited boolean)
returns mail_kind language sql immutable as $$
  select case
    when p_before = p_after then case when p_cause = 'move' then 'cafe-moved'::mail_kind end
    when p_after = 'held' or (p_after = 'waitlisted' and p_cause = 'guest') then 'prove-address'::mail_kind
    when p_after = 'waitlisted' then 'waitlisted'::mail_kind
    when p_after = 'offered' then 'offered'::mail_kind
    when p_after = 'confirmed' then case p_cause
      when 'line' then 'moved-up'::mail_kind when 'swap' then 'swapped'::mail_kind when 'walk-in' then null
      else 'confirmed'::mail_kind
    end
    -- The mail to a guest who claimed a free seat contains the end of the hold. Only a guest from the waitlist gets a mail when the hold
    -- expires.
    when p_after = 'expired' then case when p_before = 'offered' or (p_before = 'held' and p_waited) then 'offer-expired'::mail_kind end
    when p_before = 'waitlisted' and p_cause in ('line-closed', 'cafe-closed') then 'line-closed'::mail_kind
    when p_cause = 'no-show' then 'seat-released'::mail_kind
    when p_cause in ('cafe-cancelled', 'organiser') then 'cancelled-by-organiser'::mail_kind
    -- The Café has fewer seats since the move.
    when p_cause = 'move' then 'capacity-lost'::mail_kind
    -- The message about the new seat reports the swap. This message removes the old seat from the calendar, because a calendar acts on one
    -- entry of a message only.
    when p_cause = 'swap' then case when p_before = 'confirmed' then 'cancelled'::mail_kind end
    -- `proof`: the guest registration ends because its attendee has an own registration in the Café.
    when p_cause not in ('declined', 'proof') then 'cancelled'::mail_kind
  end
$$;
