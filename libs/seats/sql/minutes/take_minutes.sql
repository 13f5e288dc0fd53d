-- Take a Café's minutes for each of these people (each named once), where all of them are free. Returns who has them now.
create or replace function take_minutes(wanted_cafe_ids uuid[], wanted_attendee_ids uuid[])
returns uuid[] language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  got_attendee_ids uuid[];
  got_days integer[];
  over_midnight boolean;
  half_cafe_ids uuid[];
  half_attendee_ids uuid[];
  half_days integer[];
begin
  -- A person whose minutes are taken keeps them: the row is left as it is and not returned.
  with taken as (
    insert into attendee_day as mine (attendee_id, day, busy, busy_minutes)
    select w.attendee_id, m.day, m.minutes, m.count
    from unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id)
    join cafe_minutes m on m.cafe_id = w.cafe_id and m.cafe_id = any (wanted_cafe_ids)
    order by w.attendee_id, m.day
    on conflict (attendee_id, day) do update
      set busy = mine.busy | excluded.busy, busy_minutes = mine.busy_minutes + excluded.busy_minutes
      where bit_count(mine.busy & excluded.busy) = 0
    returning attendee_id, day
  )
  select
    array_agg(t.attendee_id), array_agg(t.day),
    exists (select from cafe_minutes m where m.cafe_id = any (wanted_cafe_ids) and m.days > 1)
  into got_attendee_ids, got_days, over_midnight from taken t;

  -- A Café over midnight takes minutes of two days: whoever got one and not the other got half, and gives it back.
  if over_midnight then
    select array_agg(h.cafe_id), array_agg(h.attendee_id), array_agg(h.day) into half_cafe_ids, half_attendee_ids, half_days
    from (
      select w.cafe_id, g.attendee_id, min(g.day) as day
      from unnest(got_attendee_ids, got_days) as g (attendee_id, day)
      join unnest(wanted_cafe_ids, wanted_attendee_ids) as w (cafe_id, attendee_id) on w.attendee_id = g.attendee_id
      join cafe_minutes m on m.cafe_id = w.cafe_id and m.day = g.day
      where m.cafe_id = any (wanted_cafe_ids)
      group by w.cafe_id, g.attendee_id, m.days
      having count(*) < m.days
    ) h;
    if half_days is not null then
      perform give_back_minutes(half_cafe_ids, half_attendee_ids, half_days);
    end if;
    got_attendee_ids := array(
      select distinct g.id from unnest(got_attendee_ids) as g (id) where g.id <> all (coalesce(half_attendee_ids, '{}'))
    );
  end if;
  return coalesce(got_attendee_ids, '{}');
end
$$;
