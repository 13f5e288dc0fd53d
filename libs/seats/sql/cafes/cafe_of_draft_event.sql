-- Refuses a Café that is no draft in an event that is one: what is hidden as a draft stays hidden with its event.
create or replace function cafe_of_draft_event() returns trigger language plpgsql as $$
begin
  if exists (select from event e where e.id = new.event_id and e.state = 'draft') then
    raise exception 'the Cafés of a draft event are drafts' using errcode = 'check_violation', constraint = 'cafe_of_draft_event';
  end if;
  return null;
end
$$;

create trigger cafe_of_draft_event after insert on cafe_seats for each row
when (new.state <> 'draft') execute function cafe_of_draft_event();

create trigger cafe_of_draft_event_changed after update of state on cafe_seats for each row
when (new.state <> 'draft' and old.state <> new.state) execute function cafe_of_draft_event();
