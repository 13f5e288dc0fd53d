-- How many messages of each kind about these registrations were written with this id or a later one. Called by libs/programme, which
-- counts the messages of a change and rolls it back.
create or replace function outbox_counts_of(p_registration_ids uuid[], p_since uuid)
returns table (kind mail_kind, messages integer) language sql stable as $$
  select o.kind, count(*)::integer from outbox o
  where o.id >= p_since and o.registration_id = any (p_registration_ids) group by o.kind order by 2 desc, 1
$$;
