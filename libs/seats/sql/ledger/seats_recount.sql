-- Audits the counts. Returns one row for each count that differs from its recount, with both values; no row when all counts are right.
-- Compares the counts of each Café with its registrations, each room slot with the seats of its Cafés, the minutes of each Café with its
-- times, the minutes of each attendee with their registrations, the held seats of each mailbox with the registrations, and `checked_in_at`
-- with the last check-in.
create or replace function seats_recount()
returns table (what text, id uuid, counted text, recounted text) language sql stable as $$
  select 'cafe', s.cafe_id, format('taken %s waitlisted %s present %s unproved %s and %s', s.taken, s.waitlisted, s.present, s.unproved, s.unproved_waiting),
    format('taken %s waitlisted %s present %s unproved %s and %s', n.taken, n.waitlisted, n.present, n.unproved, n.unproved_waiting)
  from cafe_seats s
  cross join lateral (
    select
      count(*) filter (where r.status in ('held', 'offered', 'confirmed')) as taken,
      count(*) filter (where r.status = 'waitlisted') as waitlisted,
      count(*) filter (where r.checked_in_at is not null) as present,
      count(*) filter (where r.status = 'held' and r.guest) as unproved,
      count(*) filter (where r.status = 'waitlisted' and r.guest) as unproved_waiting
    from registration r where r.cafe_id = s.cafe_id
  ) n
  where (s.taken, s.waitlisted, s.present, s.unproved, s.unproved_waiting)
    <> (n.taken, n.waitlisted, n.present, n.unproved, n.unproved_waiting)
  union all
  select 'room', p.room_id, format('at %s taken %s of %s', p.starts_at, p.taken, p.capacity), format('taken %s of %s', n.taken, r.capacity)
  from room_slot p join room r on r.id = p.room_id
  cross join lateral (
    select coalesce(sum(s.taken), 0) as taken
    from cafe c join cafe_seats s on s.cafe_id = c.id
    where c.room_id = p.room_id and c.starts_at <= p.starts_at and c.ends_at >= p.ends_at
  ) n
  where (p.taken, p.capacity) <> (n.taken, r.capacity)
  union all
  select 'cafe', cafe_id, format('day %s: %s minutes of %s days', day, mine.count, mine.days), format('%s of %s', bit_count(n.minutes), n.days)
  from cafe_minutes mine
  full join (
    select c.id as cafe_id, m.day, m.minutes, count(*) over (partition by c.id) as days
    from cafe c cross join lateral minutes_of(c.starts_at, c.ends_at) m
  ) n using (cafe_id, day)
  where (mine.minutes, mine.count, mine.days) is distinct from (n.minutes, bit_count(n.minutes)::integer, n.days::integer)
  union all
  select 'attendee', coalesce(mine.attendee_id, n.attendee_id), mine.busy_minutes::text, n.busy_minutes::text
  from (select d.attendee_id, d.day, d.busy, d.busy_minutes from attendee_day d where d.busy_minutes > 0) mine
  full join (
    select r.attendee_id, m.day, bit_or(m.minutes) as busy, sum(bit_count(m.minutes))::integer as busy_minutes
    from registration r join cafe c on c.id = r.cafe_id cross join lateral minutes_of(c.starts_at, c.ends_at) m
    where takes_minutes(r)
    group by r.attendee_id, m.day
  ) n using (attendee_id, day)
  where (mine.busy, mine.busy_minutes) is distinct from (n.busy, n.busy_minutes)
  union all
  select 'mailbox', null::uuid, h.held::text, n.held::text
  from mailbox_hold h
  full join (
    select mailbox_of(a.email) as mailbox, count(*)::integer as held
    from registration r join attendee a on a.id = r.attendee_id where r.status = 'held' group by 1
  ) n using (mailbox)
  where h.held is distinct from n.held
  union all
  select 'check-in', r.id, r.checked_in_at::text, last.came_at::text
  from registration r
  left join (
    select distinct on (i.registration_id) i.registration_id, case when i.kind = 'in' then i.scanned_at end as came_at
    from check_in i order by i.registration_id, i.id desc
  ) last on last.registration_id = r.id
  where r.checked_in_at is distinct from case when r.status = 'confirmed' then last.came_at end
$$;
