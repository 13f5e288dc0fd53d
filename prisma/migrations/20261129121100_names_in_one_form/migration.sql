-- Names that were typed before names had one form (ADR 31): composed (NFC), without characters that nobody sees or that change the direction of
-- the text around them, and with at most four accents on one letter. A name that would be empty stays. Owner: libs/identity; libs/seats:
-- typed_name.

create function name_in_one_form(p_name text) returns text language sql as $$
  select coalesce(
    nullif(btrim(regexp_replace(
      regexp_replace(
        normalize(
          regexp_replace(p_name, '[\u00ad\u034f\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]', '', 'g'),
          nfc
        ),
        '([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+', '\1', 'g'
      ),
      '\s+', ' ', 'g'
    )), ''),
    p_name
  )
$$;

update attendee set name = name_in_one_form(name), organisation = name_in_one_form(organisation)
where name is distinct from name_in_one_form(name) or organisation is distinct from name_in_one_form(organisation);
update typed_name set name = name_in_one_form(name), organisation = name_in_one_form(organisation)
where name is distinct from name_in_one_form(name) or organisation is distinct from name_in_one_form(organisation);

drop function name_in_one_form(text);
