-- Whether the version of a Café differs from the one that the caller expects; false when p_expected_version is null. The version is the one
-- that clients see: the sum of cafe.version (texts, room, times) and cafe_seats.settings_version (what organisers set). Locks the row of
-- cafe until the end of the transaction, so that the texts do not change. The caller has locked the row of cafe_seats.
create or replace function cafe_is_changed(p_cafe_id uuid, p_expected_version bigint) returns boolean language plpgsql as $$
begin
  if p_expected_version is null then
    return false;
  end if;
  perform 1 from cafe c where c.id = p_cafe_id for no key update;
  return exists (
    select from cafe c join cafe_seats s on s.cafe_id = c.id
    where c.id = p_cafe_id and c.version + s.settings_version <> p_expected_version
  );
end
$$;
