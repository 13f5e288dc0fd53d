-- The messages of a budget for each seat of the open Cafés: a person is written to a few times (claim, waitlist, offer, cancellation), and events
-- with more than 250 seats need more than the least.
create or replace function mail_budget_per_seat() returns integer language sql immutable as $$ select 4 $$;
