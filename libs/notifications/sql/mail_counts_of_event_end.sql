-- Deletes the counts of sent messages of a deleted event.
create or replace function mail_counts_of_event_end() returns trigger language plpgsql as $$
begin
  delete from event_mail_count c where c.event_id = old.id;
  return null;
end
$$;

create trigger mail_counts_of_event_end after delete on event for each row execute function mail_counts_of_event_end();
