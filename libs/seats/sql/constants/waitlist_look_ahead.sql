-- How many places of a waitlist are read beyond the free seats: enough for the rest of a group that stands at the end.
create or replace function waitlist_look_ahead() returns integer language sql immutable as $$ select 20 $$;
