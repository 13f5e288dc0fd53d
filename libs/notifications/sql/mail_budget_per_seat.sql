-- The messages of the budget for each seat of the open Cafés. A person gets a few messages (claim, waitlist, offer, cancellation), so
-- events with more than 250 seats need more than the least budget.
create or replace function mail_budget_per_seat() returns integer language sql immutable as $$ select 4 $$;
