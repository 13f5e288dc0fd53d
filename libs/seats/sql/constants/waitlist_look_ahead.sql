-- How many places of a waitlist are read beyond the free seats, so that the last group is complete.
create or replace function waitlist_look_ahead() returns integer language sql immutable as $$ select 20 $$;
