-- An address has its domain as people read it (`müller.de`), also where it was typed as `xn--mller-kva.de` (ADR 31). Before, only the second
-- was taken. No address with a domain in Unicode exists yet, so no two rows become one. Owner: libs/identity; libs/seats: mailbox_hold.

-- One label of a domain as people read it (RFC 3492); the label itself where it cannot be decoded.
create function label_in_unicode(p_label text) returns text language plpgsql as $$
declare
  v_basic text := case when p_label like 'xn--%-%' then regexp_replace(substr(p_label, 5), '-[^-]*$', '') else '' end;
  v_rest text := regexp_replace(substr(p_label, 5), '^.*-', '');
  v_points integer[] := array(select ascii(c) from regexp_split_to_table(v_basic, '') c where c <> '');
  v_point integer := 128;
  v_place integer := 0;
  v_bias integer := 72;
  v_at integer := 1;
begin
  if p_label not like 'xn--_%' then
    return p_label;
  end if;
  while v_at <= length(v_rest) loop
    declare
      v_before integer := v_place;
      v_weight integer := 1;
      v_step integer := 36;
      v_digit integer;
      v_threshold integer;
      v_delta integer;
      v_count integer := cardinality(v_points) + 1;
    begin
      loop
        v_digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', substr(v_rest, v_at, 1)) - 1;
        if v_digit < 0 or v_at > length(v_rest) then
          return p_label;
        end if;
        v_at := v_at + 1;
        v_place := v_place + v_digit * v_weight;
        v_threshold := least(greatest(v_step - v_bias, 1), 26);
        exit when v_digit < v_threshold;
        v_weight := v_weight * (36 - v_threshold);
        v_step := v_step + 36;
      end loop;
      v_delta := (v_place - v_before) / case when v_before = 0 then 700 else 2 end;
      v_delta := v_delta + v_delta / v_count;
      v_bias := 0;
      while v_delta > 455 loop
        v_delta := v_delta / 35;
        v_bias := v_bias + 36;
      end loop;
      v_bias := v_bias + 36 * v_delta / (v_delta + 38);
      v_point := v_point + v_place / v_count;
      v_place := v_place % v_count;
      v_points := v_points[:v_place] || v_point || v_points[v_place + 1:];
      v_place := v_place + 1;
    end;
  end loop;
  -- Symbols: such a domain stays as it is.
  if exists (select from unnest(v_points) c where c between x'2100'::integer and x'2bff'::integer or c >= x'1f000'::integer and c < x'20000'::integer) then
    return p_label;
  end if;
  return coalesce(normalize((select string_agg(chr(c), '' order by n) from unnest(v_points) with ordinality p (c, n)), nfc), p_label);
exception
  when numeric_value_out_of_range or program_limit_exceeded or invalid_parameter_value then
    return p_label;
end
$$;

create function domain_in_unicode(p_email text) returns text language sql as $$
  select split_part(p_email, '@', 1) || '@' || string_agg(label_in_unicode(l.label), '.' order by l.n)
  from regexp_split_to_table(split_part(p_email, '@', 2), '\.') with ordinality l (label, n)
$$;

update attendee set email = domain_in_unicode(email) where email ~ '@(.*\.)?xn--';
update sign_in_challenge set email = domain_in_unicode(email) where email ~ '@(.*\.)?xn--';
update sign_in_mails set mailbox = domain_in_unicode(mailbox) where mailbox ~ '@(.*\.)?xn--';
update mailbox_hold set mailbox = domain_in_unicode(mailbox) where mailbox ~ '@(.*\.)?xn--';

drop function domain_in_unicode(text);
drop function label_in_unicode(text);
