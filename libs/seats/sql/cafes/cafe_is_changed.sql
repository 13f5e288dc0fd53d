-- Whether a Café has another version than the caller of a change expects; false where the caller expects none (null). The version is the
-- one that clients see: of its texts, room and times (cafe.version) and of what organisers set (cafe_seats.settings_version). Locks the row
-- of cafe, so that the texts stay as they are until the end of the transaction. The caller has locked the row of cafe_seats.
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
