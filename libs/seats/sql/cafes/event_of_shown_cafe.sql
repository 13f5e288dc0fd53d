-- Refuses to make an event a draft while one of its Cafés is none.
create or replace function event_of_shown_cafe() returns trigger language plpgsql as $$
begin
  if exists (select from cafe c join cafe_seats s on s.cafe_id = c.id where c.event_id = new.id and s.state <> 'draft') then
    raise exception 'the Cafés of a draft event are drafts' using errcode = 'check_violation', constraint = 'cafe_of_draft_event';
  end if;
  return null;
end
$$;

create trigger event_of_shown_cafe after update of state on event for each row
when (new.state = 'draft' and old.state <> new.state) execute function event_of_shown_cafe();
