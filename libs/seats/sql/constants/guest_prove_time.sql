-- How long a guest's seat from the waitlist is held, and how long a guest may prove the address to get a free seat.
create or replace function guest_prove_time() returns interval language sql immutable as $$ select interval '10 minutes' $$;
