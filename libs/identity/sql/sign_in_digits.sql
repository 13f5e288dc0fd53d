-- The number of digits of the code for an address: more for attendees with a role.
create or replace function sign_in_digits(p_email text) returns integer language sql stable as $$
  select case when exists (
    select from role_grant g join attendee a on a.id = g.attendee_id where a.email = p_email
  ) then 8 else 6 end
$$;
