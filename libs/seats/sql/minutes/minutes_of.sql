-- Returns the minutes of each UTC day between two instants. Both instants are whole minutes.
create or replace function minutes_of(p_starts_at timestamptz, p_ends_at timestamptz)
returns table (day integer, minutes bit(1440)) language sql immutable as $$
  select d.day, (repeat('1', 1440)::bit(1440) << (1440 - (m.next - m.first))) >> m.first
  from (select (extract(epoch from p_starts_at) / 60)::bigint, (extract(epoch from p_ends_at) / 60)::bigint) as span (first, next)
  cross join lateral generate_series((span.first / 1440)::integer, ((span.next - 1) / 1440)::integer) as d (day)
  cross join lateral (
    select greatest(span.first - d.day * 1440::bigint, 0)::integer, least(span.next - d.day * 1440::bigint, 1440)::integer
  ) as m (first, next)
$$;
