-- How people are reached: one normal form of phone numbers and one of mail addresses, for all that stores or compares
-- them. The site reads what is typed by the same rules (src/lib/form/contact.ts); tests/contact-cases.json is tried on
-- both.

-- Text as it was meant: compatibility forms (full width, ligatures) brought into the usual ones, and without the
-- invisible marks that copying brings along (soft hyphen, direction, zero width, byte order).
create function private.visible(typed text)
returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  select regexp_replace(
    normalize(typed, nfkc), '[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]', '', 'g'
  );
$$;
grant execute on function private.visible(text) to anon, authenticated, service_role;

-- A phone number in E.164 (`+212612345678`), or null for what is none. Taken are Moroccan numbers as they are written
-- at home and abroad, with or without the 0 in front, and those of other countries with + or 00 and their code; in
-- digits of any script people type here, with spaces, points, dashes, slashes and brackets wherever they like them.
-- Moroccan national numbers have nine digits, the first from 5 to 8 (ANRT's numbering plan); of others E.164 alone is
-- known.
create function private.phone(typed text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  number text := translate(
    private.visible(typed), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'
  );
begin
  number := regexp_replace(number, '^\s*tel:', '', 'i');
  -- +44 (0)20…: the 0 of calls at home
  number := regexp_replace(number, '^(\s*(?:\+|00)[\d\s.-]{1,8})\(0\)', '\1');
  number := regexp_replace(number, '[\s()./\u2010-\u2015\u2212-]', '', 'g');
  number := regexp_replace(number, '^00', '+');
  number := regexp_replace(number, '^(?:\+?212)?0?([5-8]\d{8})$', '+212\1');
  return case
    when number ~ '^\+212' then substring(number from '^\+212[5-8]\d{8}$')
    else substring(number from '^\+[1-9]\d{7,14}$')
  end;
end;
$$;
grant execute on function private.phone(text) to anon, authenticated, service_role;

-- Keeps a column `phone` in the normal form, whoever writes it. Raises invalid_input (phone).
create function private.keep_phone()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  typed text := nullif(trim(new.phone), '');
begin
  new.phone := private.phone(typed);
  if typed is not null and new.phone is null then
    perform private.fail(422, 'invalid_input', 'phone');
  end if;
  return new;
end;
$$;

-- One label of a domain in ASCII, by punycode where it has other letters (RFC 3492, whose names these are).
create function private.punycode(label text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  codes int[] := array(select ascii(c) from regexp_split_to_table(label, '') as c);
  answer text := regexp_replace(label, '[^\x01-\x7f]', '', 'g');
  basic int := char_length(answer);
  handled int := basic;
  n int := 128;
  delta int := 0;
  bias int := 72;
  m int;
  c int;
  q int;
  k int;
  t int;
begin
  if basic = cardinality(codes) then
    return label;
  end if;
  if basic > 0 then
    answer := answer || '-';
  end if;
  while handled < cardinality(codes) loop
    m := (select min(x) from unnest(codes) as x where x >= n);
    delta := delta + (m - n) * (handled + 1);
    n := m;
    foreach c in array codes loop
      if c < n then
        delta := delta + 1;
      elsif c = n then
        q := delta;
        k := 36;
        loop
          t := least(greatest(k - bias, 1), 26);
          exit when q < t;
          answer := answer || substr('abcdefghijklmnopqrstuvwxyz0123456789', t + (q - t) % (36 - t) + 1, 1);
          q := (q - t) / (36 - t);
          k := k + 36;
        end loop;
        answer := answer || substr('abcdefghijklmnopqrstuvwxyz0123456789', q + 1, 1);
        handled := handled + 1;
        delta := delta / case when handled = basic + 1 then 700 else 2 end;
        delta := delta + delta / handled;
        k := 0;
        while delta > 455 loop
          delta := delta / 35;
          k := k + 36;
        end loop;
        bias := k + 36 * delta / (delta + 38);
        delta := 0;
      end if;
    end loop;
    delta := delta + 1;
    n := n + 1;
  end loop;
  return 'xn--' || answer;
end;
$$;

-- A mail address in its normal form, lower case with the domain in ASCII, or null for what none can be: one @; before
-- it the signs that need no quotes (RFC 5322, dot-atom), at most 64, no point first, last or twice; behind it two
-- labels or more of at most 63 letters, digits and dashes, the last not of digits; 254 in all (RFC 5321). So no comma,
-- semicolon, bracket or space ever stands in one: to a mail server those part several addresses.
create function private.email(typed text)
returns text
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  address text := lower(regexp_replace(private.visible(typed), '^\s+|\s+$', '', 'g'));
  name text := substring(address from '^([^@]+)@[^@]+$');
  domain text := substring(address from '^[^@]+@([^@]+)$');
  ascii text;
begin
  if name is null or char_length(address) > 254 or char_length(name) > 64
    or name !~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*$'
    or domain !~ '^[[:alnum:]-]{1,63}(\.[[:alnum:]-]{1,63})+$'
  then
    return null;
  end if;
  ascii := (
    select string_agg(private.punycode(l.label), '.' order by l.place)
    from string_to_table(domain, '.') with ordinality as l (label, place)
  );
  if char_length(name || '@' || ascii) > 254
    or ascii !~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$'
  then
    return null;
  end if;
  return name || '@' || ascii;
end;
$$;

-- What turns around or hides the text beside it, and has no place in what people write: controls but for line breaks
-- and tabs, and bidirectional overrides. Isolates, which our own pages put around sums and dates, may be pasted.
create function private.without_tricks(text text)
returns text
language sql
immutable
set search_path = ''
as $$
  select regexp_replace(
    without_tricks.text,
    '[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028-\u202E\uFFF9-\uFFFB\U000E0000-\U000E0FFF]', '', 'g'
  );
$$;

-- The same of all texts within a value, whatever it is nested in.
create function private.without_tricks(value jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case jsonb_typeof(value)
    when 'string' then to_jsonb(private.without_tricks(value #>> '{}'))
    when 'object' then (
      select coalesce(jsonb_object_agg(o.key, private.without_tricks(o.value)), '{}')
      from jsonb_each(value) as o
    )
    when 'array' then (
      select coalesce(jsonb_agg(private.without_tricks(a.one) order by a.place), '[]')
      from jsonb_array_elements(value) with ordinality as a (one, place)
    )
    else value
  end;
end;
$$;

-- Keeps tricks out of what one person types and another reads: the columns that are its arguments, of text or jsonb,
-- whoever writes them and by whichever way. A name is not cleaned but refused (private.name_ok), as it stands for
-- somebody.
create function private.clean_text()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  typed jsonb := to_jsonb(new);
  name text;
  clean jsonb := '{}';
begin
  foreach name in array tg_argv loop
    if private.without_tricks(typed -> name) <> typed -> name then
      clean := clean || jsonb_build_object(name, private.without_tricks(typed -> name));
    end if;
  end loop;
  -- nearly always, as nobody types such signs
  if clean = '{}' then
    return new;
  end if;
  return jsonb_populate_record(new, clean);
end;
$$;

-- True for the address that a provider is to come to: {line, district, city, details}, each a text of at most 300 signs
-- without tricks, the line of at least three; nothing else. Null gives null, which a constraint lets pass.
create function private.address_ok(address jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  if address is null then
    return null;
  end if;
  return jsonb_typeof(address) = 'object'
    and coalesce(char_length(trim(address ->> 'line')), 0) >= 3
    and not exists (
      select
      from jsonb_each(case jsonb_typeof(address) when 'object' then address else '{}' end) as part
      where part.key <> all ('{line,district,city,details}')
        or jsonb_typeof(part.value) not in ('string', 'null')
        or char_length(part.value #>> '{}') > 300
        or part.value #>> '{}' <> private.without_tricks(part.value #>> '{}')
    );
end;
$$;
