-- Whether a registration takes the minutes of its Café from its attendee and so excludes another seat at that time. Guest registrations and
-- overlapping seats take none. The rule is only here in the SQL, and only in `takesMinutes` in the model.
create or replace function takes_minutes(p_registration registration) returns boolean language sql immutable as $$
  select (p_registration).status in ('offered', 'confirmed') and not (p_registration).guest and not (p_registration).overlapping
$$;
