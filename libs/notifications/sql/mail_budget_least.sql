-- The fewest messages of a budget. Anybody can use up the part of strangers by typing invented addresses, and then the claim mail of an honest
-- person waits for the next hour: a crowd that fills the waitlist of one small Café (three hundred for 24 seats) must not be enough. And it
-- is the most that one event lets strangers send through us in an hour.
create or replace function mail_budget_least() returns integer language sql immutable as $$ select 1000 $$;
