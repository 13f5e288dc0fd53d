-- Counts one try of a code: at most 10 in an hour and 30 in a day for one subject. Returns null, or the seconds until the next try is
-- allowed. A refused try is not counted. Call it in a statement of its own, because it must be committed before the code is compared.
create or replace function code_try(p_subject text) returns integer language plpgsql as $$
declare
  v_now timestamptz;
  v_tries timestamptz[];
  v_free_at timestamptz;
begin
  insert into code_tries as t (subject, tried_at) values (p_subject, '{}')
  on conflict (subject) do update set last_at = now()
  returning tried_at into v_tries;
  -- Read after the row is locked, so that tries are counted in order.
  v_now := clock_timestamp();
  v_tries := array(select tried from unnest(v_tries) tried where tried > v_now - interval '1 day' order by tried);
  v_free_at := greatest(
    v_tries[cardinality(v_tries) - 9] + interval '1 hour',
    v_tries[cardinality(v_tries) - 29] + interval '1 day'
  );
  if v_free_at > v_now then
    return ceil(extract(epoch from v_free_at - v_now));
  end if;
  update code_tries set tried_at = v_tries || v_now where subject = p_subject;
  return null;
end
$$;
