-- Bumps the version of an event whose rooms or Cafés changed. At the commit, so that the row of the event is the last that a transaction
-- locks: one that moves a Café has the rows of cafe_seats by then, and one that loads a programme takes those too.
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
