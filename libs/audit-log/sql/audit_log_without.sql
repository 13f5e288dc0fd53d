-- The changed fields of an entry without an address (a regular expression), and without the personal fields where the entry is about the person. An
-- address has an @, so it stands inside of texts alone.
create or replace function audit_log_without(p_fields jsonb, p_email text, p_is_about boolean) returns jsonb language sql immutable as $$
  select case when p_fields is null then null else coalesce(jsonb_object_agg(
    f.key, case when p_is_about and f.key in ('name', 'email', 'organisation') then to_jsonb(text '…') else f.value end
  ), '{}') end
  from jsonb_each(regexp_replace(p_fields::text, p_email, '…', 'gi')::jsonb) f
$$;
