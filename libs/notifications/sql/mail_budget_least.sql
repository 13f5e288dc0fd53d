-- The smallest budget of an event, in messages an hour to unproved addresses. Many people who fill the waitlist of one small Café (three
-- hundred for 24 seats) must not use it up, because the claim mail of an honest person would then wait for the next hour.
create or replace function mail_budget_least() returns integer language sql immutable as $$ select 1000 $$;
