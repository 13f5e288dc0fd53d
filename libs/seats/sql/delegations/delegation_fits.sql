-- Whether there are seats now for all new attendees of a delegation, and the limits allow to hold seats for those who get guest
-- registrations.
create or replace function delegation_fits(p_cafe_id uuid, p_fresh_ids uuid[], p_fresh_guest_ids uuid[]) returns boolean language plpgsql as $$
declare
  v_mailboxes text[] := array(select mailbox_of(a.email) from attendee a where a.id = any (p_fresh_guest_ids));
  v_fits boolean := cardinality(p_fresh_ids) <= seats_free(p_cafe_id);
begin
  if v_fits and v_mailboxes <> '{}' then
    v_fits := cardinality(v_mailboxes) <= seats_free_for_guests(p_cafe_id) and mailboxes_fit(v_mailboxes, '{}');
    perform mailboxes_delete_unused(v_mailboxes);
  end if;
  return v_fits;
end
$$;
