-- Takes the minutes of a Café for each of these attendees whose minutes are all free; the list has each attendee once. Returns the
-- attendees for whom the minutes were taken.
create or replace function take_minutes(p_cafe_ids uuid[], p_attendee_ids uuid[])
returns uuid[] language plpgsql
set enable_seqscan = off set enable_nestloop = off
as $$
declare
  v_attendee_ids uuid[];
  v_days integer[];
  v_over_midnight boolean;
  v_half_cafe_ids uuid[];
  v_half_attendee_ids uuid[];
  v_half_days integer[];
begin
  -- When another seat has any of the minutes, the row does not change and is not returned.
  with taken as (
    insert into attendee_day as mine (attendee_id, day, busy, busy_minutes)
    select w.attendee_id, m.day, m.minutes, m.count
    from unnest(p_cafe_ids, p_attendee_ids) as w (cafe_id, attendee_id)
    join cafe_minutes m on m.cafe_id = w.cafe_id and m.cafe_id = any (p_cafe_ids)
    order by w.attendee_id, m.day
    on conflict (attendee_id, day) do update
      set busy = mine.busy | excluded.busy, busy_minutes = mine.busy_minutes + excluded.busy_minutes
      where bit_count(mine.busy & excluded.busy) = 0
    returning attendee_id, day
  )
  select
    array_agg(t.attendee_id), array_agg(t.day),
    exists (select from cafe_minutes m where m.cafe_id = any (p_cafe_ids) and m.days > 1)
  into v_attendee_ids, v_days, v_over_midnight from taken t;

  -- A Café over midnight takes minutes of two days. An attendee who got only one of the two days gives it back.
  if v_over_midnight then
    select array_agg(h.cafe_id), array_agg(h.attendee_id), array_agg(h.day) into v_half_cafe_ids, v_half_attendee_ids, v_half_days
    from (
      select w.cafe_id, g.attendee_id, min(g.day) as day
      from unnest(v_attendee_ids, v_days) as g (attendee_id, day)
      join unnest(p_cafe_ids, p_attendee_ids) as w (cafe_id, attendee_id) on w.attendee_id = g.attendee_id
      join cafe_minutes m on m.cafe_id = w.cafe_id and m.day = g.day
      where m.cafe_id = any (p_cafe_ids)
      group by w.cafe_id, g.attendee_id, m.days
      having count(*) < m.days
    ) h;
    if v_half_days is not null then
      perform give_back_minutes(v_half_cafe_ids, v_half_attendee_ids, v_half_days);
    end if;
    v_attendee_ids := array(
      select distinct g.id from unnest(v_attendee_ids) as g (id) where g.id <> all (coalesce(v_half_attendee_ids, '{}'))
    );
  end if;
  return coalesce(v_attendee_ids, '{}');
end
$$;
