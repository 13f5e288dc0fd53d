-- Updates cafe_minutes when the times of a Café change.
create or replace function cafe_minutes_follow() returns trigger language plpgsql as $$
begin
  delete from cafe_minutes m where m.cafe_id = new.id;
  insert into cafe_minutes (cafe_id, day, minutes, count, days)
  select new.id, m.day, m.minutes, bit_count(m.minutes), count(*) over () from minutes_of(new.starts_at, new.ends_at) m;
  return null;
end
$$;

create trigger cafe_minutes_follow after insert or update of starts_at, ends_at on cafe
for each row execute function cafe_minutes_follow();
