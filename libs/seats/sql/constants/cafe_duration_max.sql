-- The longest duration of a Café. The constraint cafe_within_a_day has the same value.
create or replace function cafe_duration_max() returns interval language sql immutable as $$ select interval '24 hours' $$;
