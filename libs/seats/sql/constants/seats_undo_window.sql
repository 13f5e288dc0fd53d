-- How long a pending change can be undone.
create or replace function seats_undo_window() returns interval language sql immutable as $$ select interval '10 seconds' $$;
