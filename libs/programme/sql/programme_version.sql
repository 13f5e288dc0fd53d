-- Increments the version of an event whose rooms or Cafés changed. It runs at the commit, so that a transaction locks the row of the event
-- last: a move of a Café and a load of a programme lock the rows of cafe_seats before it.
create or replace function programme_version() returns trigger language plpgsql as $$
begin
  update event e set version = e.version + 1 where e.id = case tg_op when 'DELETE' then old.event_id else new.event_id end;
  return null;
end
$$;

create constraint trigger programme_version after insert or delete on cafe deferrable initially deferred
for each row execute function programme_version();

create constraint trigger programme_version_changed after update on cafe deferrable initially deferred
for each row when (old.* is distinct from new.*) execute function programme_version();

create constraint trigger programme_version after insert or delete on room deferrable initially deferred
for each row execute function programme_version();

create constraint trigger programme_version_changed after update on room deferrable initially deferred
for each row when (old.* is distinct from new.*) execute function programme_version();
