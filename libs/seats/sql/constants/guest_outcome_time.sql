-- How long a claim token shows the result of a guest registration that its own mail or token proved.
create or replace function guest_outcome_time() returns interval language sql immutable as $$ select interval '1 hour' $$;
