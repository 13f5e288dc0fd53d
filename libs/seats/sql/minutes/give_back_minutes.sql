-- Gives back the minutes of Cafés for these attendees: the minutes of the given day, or of every day when the day is null.
create or replace function give_back_minutes(p_cafe_ids uuid[], p_attendee_ids uuid[], p_days integer[])
returns void language sql
set enable_nestloop = on
as $$
  with given as (
    select g.attendee_id, m.day, bit_or(m.minutes) as minutes, sum(m.count)::integer as count
    from unnest(p_cafe_ids, p_attendee_ids, p_days) as g (cafe_id, attendee_id, day)
    join cafe_minutes m on m.cafe_id = g.cafe_id
    where g.day is null or g.day = m.day
    group by g.attendee_id, m.day
  )
  update attendee_day mine set busy = mine.busy & ~given.minutes, busy_minutes = mine.busy_minutes - given.count
  from given where mine.attendee_id = given.attendee_id and mine.day = given.day
$$;
