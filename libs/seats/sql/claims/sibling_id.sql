-- The id of one of many rows, a UUIDv7 like its `sibling`, from which it differs in its last 32 bits. Making one anew asks the system for
-- randomness and for the process's number, which costs a claim about as much as its dearest row (docs/benchmarks.md).
create or replace function sibling_id(sibling text, number bigint) returns uuid language sql immutable as $$
  select (left(sibling, 28) || to_hex(x'10000000'::integer + number))::uuid
$$;
