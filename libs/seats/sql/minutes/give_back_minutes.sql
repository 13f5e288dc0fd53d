-- Give Cafés' minutes back for these people: those of the day named, or of every day where it is null.
create or replace function give_back_minutes(given_cafe_ids uuid[], given_attendee_ids uuid[], given_days integer[])
returns void language sql
set enable_nestloop = on
as $$
  with given as (
    select g.attendee_id, m.day, bit_or(m.minutes) as minutes, sum(m.count)::integer as count
    from unnest(given_cafe_ids, given_attendee_ids, given_days) as g (cafe_id, attendee_id, day)
    join cafe_minutes m on m.cafe_id = g.cafe_id
    where g.day is null or g.day = m.day
    group by g.attendee_id, m.day
  )
  update attendee_day mine set busy = mine.busy & ~given.minutes, busy_minutes = mine.busy_minutes - given.count
  from given where mine.attendee_id = given.attendee_id and mine.day = given.day
$$;
