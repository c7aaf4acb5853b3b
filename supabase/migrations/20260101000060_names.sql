-- Names of people and businesses. We write them into mails to others and show them on everybody's screens: a name is
-- not a way to put a link there, nor to turn around or hide what stands beside it.

-- True for a name that may be stored: nothing that controls the text around it (line breaks, bidirectional overrides,
-- invisible tags), something to see, and no web address. "M.Alami" and "J.R.Tolkien" are none; what else has a dot
-- between two words is. The site asks the same of its forms (src/lib/form/name.ts), and one table of cases is tried on
-- both. Lengths are the tables' own. Null gives null, which a constraint lets pass.
create function private.name_ok(name text)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
declare
  -- what is not to be seen; joiners and direction marks are part of some scripts, and stay within a name
  hidden constant text := '\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2060-\u2065'
    '\u2800\u3164'
    '\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A';
  space constant text := '\s\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000';
  -- a sign of a word: not a space, no mark of punctuation that ends an address
  sign constant text := '[^\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A0\u2000-\u206F\u3000-\u3002\uFF61]';
  folded text;
begin
  if name is null then
    return null;
  end if;
  -- longer than any of the tables lets be, and long to look at
  if char_length(name) > 300 then
    return false;
  end if;
  if name ~ '[\u0001-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u206F\uFFF9-\uFFFB\U000E0000-\U000E0FFF]' then
    return false;
  end if;
  folded := lower(normalize(regexp_replace(name, '[' || hidden || ']', '', 'g'), nfkc));
  if folded !~ ('[^' || space || ']') then
    return false;
  end if;
  -- the dots of other scripts lead to the same place
  folded := translate(folded, '。', '.');
  -- initials and titles written without a space, unless what follows is the end of an address
  folded := regexp_replace(
    folded,
    '(^|[' || space || '-])((' || sign || '|dr|pr|mr|mme|mlle|mrs|ms|st|ste|ing|prof)\.)+'
      || '(?!(com|net|org|info|biz|app|dev|xyz|top|site|online|shop|store|club|link|live|click|pro)'
      || '([' || space || ']|$))'
      || sign || '{3,}(?=[' || space || ']|$)',
    ' ', 'g'
  );
  return folded !~ (
    '://|//[^' || space || ']|(^|[^a-z])www\.|(^|[^a-z])(mailto|tel|sms|javascript|data|https?|ftp):'
    || '|[^' || space || ']@[^' || space || ']'
    || '|[0-9]+(\.[0-9]+){3}'
    || '|' || sign || '\.(?=' || sign || '*[^0-9])' || sign || '{2,}'
  );
end;
$$;
grant execute on function private.name_ok(text) to anon, authenticated, service_role;
