-- Whether a registration takes the minutes of its Café from its attendee, so that it is in the way of another seat at that time. Guest
-- registrations and seats beside another one take none. The SQL has this rule only here; the model has `takesMinutes`.
create or replace function takes_minutes(p_registration registration) returns boolean language sql immutable as $$
  select (p_registration).status in ('offered', 'confirmed') and not (p_registration).guest and not (p_registration).overlapping
$$;
