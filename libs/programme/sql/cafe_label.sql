-- The title of a Café in the first language of its event, or in any; the empty text for an unknown Café.
create or replace function cafe_label(p_cafe_id uuid) returns text language sql stable as $$
  select coalesce((
    select coalesce(c.texts -> e.locales[1] ->> 'title', (select t.value ->> 'title' from jsonb_each(c.texts) t limit 1))
    from cafe c join event e on e.id = c.event_id where c.id = p_cafe_id
  ), '')
$$;
