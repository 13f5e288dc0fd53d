-- Returns a UUIDv7 that differs from `p_sibling` in its last 32 bits. Used for many ids that are made together: a call of uuidv7() for each
-- costs about as much as the most expensive row of a claim (docs/benchmarks.md).
create or replace function sibling_id(p_sibling text, p_number bigint) returns uuid language sql immutable as $$
  select (left(p_sibling, 28) || to_hex(x'10000000'::integer + p_number))::uuid
$$;
