-- What every chapter stands on: extensions, the private schema, ids, errors, settings and rate limits.

create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

-- Nothing is anyone's until a chapter grants it: a forgotten grant then fails a test instead of leaking a table.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke execute on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

-- Helpers that need more rights than their caller. Not exposed by the API; each function is granted by name.
create schema private;
grant usage on schema private to anon, authenticated, service_role;

-- A time-ordered uuid (version 7, RFC 9562): new rows land at the end of their indexes. In plpgsql, as all that a
-- booking calls: a function in SQL that cannot be inlined is planned anew at each call.
create function private.new_id()
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
begin
  return encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid;
end;
$$;
grant execute on function private.new_id() to anon, authenticated, service_role;

-- Raises one of the API's errors. `status` is the HTTP status, `code` the stable word that the site translates;
-- `detail` names the field or the seconds to wait, `hint` carries other free instants as a JSON array.
create function private.fail(status int, code text, detail text default null, hint text default null)
returns void
language plpgsql
set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || status,
    message = code,
    detail = coalesce(detail, ''),
    hint = coalesce(hint, '');
end;
$$;
grant execute on function private.fail(int, text, text, text) to anon, authenticated, service_role;

-- Whether a day or an instant can be reckoned with: `infinity` and the far ends of what Postgres knows make sums of
-- times fail, and steps through days never end. False where there is none.
create function private.in_calendar(day date)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return coalesce(day >= '1900-01-01' and day < '2200-01-01', false);
end;
$$;
grant execute on function private.in_calendar(date) to anon, authenticated, service_role;

create function private.in_calendar(at timestamptz)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return coalesce(at >= '1900-01-01 00:00:00+00' and at < '2200-01-01 00:00:00+00', false);
end;
$$;
grant execute on function private.in_calendar(timestamptz) to anon, authenticated, service_role;

-- The same of a period: both its ends can.
create function private.in_calendar(period tstzrange)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return private.in_calendar(lower(period)) and private.in_calendar(upper(period));
end;
$$;
grant execute on function private.in_calendar(tstzrange) to anon, authenticated, service_role;

-- Addresses and secrets that differ between installations. Set once after the migrations, by `private.configure`.
create table private.settings (
  name text primary key,
  value text not null
);
alter table private.settings enable row level security;

-- Sets one setting: functions_url (address of the edge functions), secret_key (what workers are called with), site_url
-- (for links in mails), site_secret (with which the site signs the addresses of its visitors), address_header (what the
-- proxy in front of the API names the caller's address in; empty where there is none: private.address).
create function private.configure(name text, value text)
returns void
language sql
set search_path = ''
as $$
  insert into private.settings (name, value)
  values (configure.name, configure.value)
  on conflict (name) do update set value = excluded.value;
$$;

insert into private.settings (name, value)
values
  -- signs the secret links of guests; made here so that no two installations share it
  ('link_secret', encode(extensions.gen_random_bytes(32), 'hex')),
  -- on hosted projects Cloudflare writes it over whatever a client says in it
  ('address_header', 'cf-connecting-ip');

-- How often a caller may do what anonymous and signed-in people may write. Data, so that it can be tuned live.
create table private.rate_limits (
  name text primary key,
  max_calls int not null constraint rate_limits_some_calls check (max_calls > 0),
  per interval not null,
  -- what guards a secret, a code or somebody's address is counted to the call, also of calls side by side: one caller's
  -- then wait for each other. Of what is written in general some more may pass at one moment.
  exact boolean not null default false,
  -- counted though the call be undone: see private.undone_calls
  lasting boolean not null default false
);
alter table private.rate_limits enable row level security;

insert into private.rate_limits (name, max_calls, per)
values
  -- product.md, "Be safe": 100 anonymous writes in 15 minutes; an account may do what a busy desk does, an address what
  -- the people of one office or café do
  ('visitor_writes', 100, '15 minutes'),
  ('account_writes', 900, '15 minutes'),
  ('address_writes', 3000, '15 minutes'),
  ('create_booking', 100, '15 minutes'),
  ('change_booking', 100, '15 minutes'),
  ('join_waitlist', 30, '15 minutes'),
  ('send_message', 60, '1 minute');
insert into private.rate_limits (name, max_calls, per, exact, lasting)
values
  -- a million codes: years of guessing
  ('completion_code', 30, '15 minutes', true, true),
  -- codes may be short words: 4,000 tries a day find none by chance, and who has one looks at its price some times over
  ('promo_code', 40, '15 minutes', true, true),
  -- and all accounts of one network together
  ('promo_code_network', 200, '15 minutes', true, true),
  -- 256 bits are never guessed, so that some more at one moment are no matter and nobody waits; an open page asks each
  -- ten seconds, and a café's guests do over one address
  ('booking_secret', 3000, '15 minutes', false, true),
  ('invitation_secret', 60, '15 minutes', true, true);

create table private.rate_counters (
  name text not null references private.rate_limits (name) on delete cascade,
  caller text not null,
  window_start timestamptz not null,
  -- calls at the same moment are counted on different rows, so that one caller's do not wait for each other; of an
  -- exact limit on row 0
  shard int not null,
  calls int not null,
  -- as its limit
  lasting boolean not null default false,
  primary key (name, caller, window_start, shard)
);
create index rate_counters_window_start on private.rate_counters (window_start);
alter table private.rate_counters enable row level security;

-- How the session of the caller's token stands: null for visitors and keys, else open, ended (or its account suspended
-- since) or unproven, when the account has a second factor and this session has not given it.
create function private.session_state()
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  claims jsonb := auth.jwt();
  level text;
begin
  if claims ->> 'sub' is null then
    return null;
  end if;
  select coalesce(s.aal::text, 'aal1') into level
  from auth.sessions s
  join auth.users u on u.id = s.user_id
  where s.id = (claims ->> 'session_id')::uuid
    and s.user_id = (claims ->> 'sub')::uuid
    and coalesce(s.not_after > now(), true)
    and coalesce(u.banned_until <= now(), true);
  if not found then
    return 'ended';
  end if;
  if (level <> 'aal2' or claims ->> 'aal' is distinct from 'aal2') and exists (
    select from auth.mfa_factors f where f.user_id = (claims ->> 'sub')::uuid and f.status = 'verified'
  ) then
    return 'unproven';
  end if;
  return 'open';
end;
$$;
grant execute on function private.session_state() to anon, authenticated, service_role;

-- The account that calls. Null for visitors and keys, and where the session is not open: policies and functions ask
-- this instead of auth.uid(), so that taking access away works at once and not at the token's end.
create function private.me()
returns uuid
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return case when private.session_state() = 'open' then auth.uid() end;
end;
$$;
grant execute on function private.me() to anon, authenticated, service_role;

-- True when the caller has given the second factor in this session. The token says how things were when it was signed,
-- the session's row how they are: a factor taken away since, or a level put back, counts at once. Both must say so.
create function private.second_factor_given()
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return coalesce(
    private.session_state() = 'open'
    and auth.jwt() ->> 'aal' = 'aal2'
    and exists (select from auth.sessions s where s.id = (auth.jwt() ->> 'session_id')::uuid and s.aal = 'aal2'),
    false
  );
end;
$$;
grant execute on function private.second_factor_given() to authenticated;

-- Whether the caller has given the second factor in this session, for pages that lead to it; false for visitors.
create function public.second_factor_given()
returns boolean
language sql
stable
set search_path = ''
as $$
  select private.second_factor_given();
$$;
grant execute on function public.second_factor_given() to authenticated;

-- Raises step_up_required (403) unless the caller has given the second factor in this session. Asked before what would
-- do most harm in a stranger's hands: the team, the platform's staff, money going out.
create function private.require_step_up()
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if not private.second_factor_given() then
    perform private.fail(403, 'step_up_required');
  end if;
end;
$$;
grant execute on function private.require_step_up() to authenticated;

-- True when the caller has proved in this session, within the last 15 minutes, who they are: by the second factor where
-- one is set up, else by any way of signing in. Renewing a token is none.
create function private.recently_proven()
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
begin
  return me is not null and exists (
    select
    from auth.mfa_amr_claims c
    where c.session_id = (auth.jwt() ->> 'session_id')::uuid
      and c.updated_at > now() - interval '15 minutes'
      and case
        when exists (select from auth.mfa_factors f where f.user_id = me and f.status = 'verified')
          then c.authentication_method in ('totp', 'mfa/phone', 'mfa/webauthn')
        else c.authentication_method not in ('token_refresh', 'anonymous')
      end
  );
end;
$$;
grant execute on function private.recently_proven() to authenticated;

-- Whether the caller has proved who they are within the last 15 minutes, for the page that would ask for it.
create function public.recently_proven()
returns boolean
language sql
stable
set search_path = ''
as $$
  select private.recently_proven();
$$;
grant execute on function public.recently_proven() to authenticated;

-- An address as text in its one form, or null for what is none: IPv6 in its shortest form without a zone, IPv4 that is
-- written as IPv6 (::ffff:192.0.2.1) as IPv4.
create function private.plain_address(said text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  bare text := split_part(trim(said), '%', 1);
  plain text;
begin
  if said is null or position('/' in bare) > 0 or not pg_input_is_valid(bare, 'inet') then
    return null;
  end if;
  plain := host(bare::inet);
  return case when plain like '::ffff:%.%' then substr(plain, 8) else plain end;
end;
$$;

-- The address of the caller, 'unknown' where nobody who can be believed says it. The site's server calls for all of its
-- visitors, and our functions for whoever calls them: both sign what they say (x-visitor), with site_secret and with
-- secret_key. Of all others only the header counts that the setting address_header names, as only there a proxy of ours
-- has the last word; of a list it is the last entry, which that proxy has added.
create function private.address()
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  headers json := nullif(current_setting('request.headers', true), '');
  visitor text := headers ->> 'x-visitor';
  signature text := headers ->> 'x-visitor-signature';
begin
  if visitor is null or not exists (
    select
    from private.settings s
    where s.name in ('site_secret', 'secret_key')
      and s.value <> ''
      and encode(extensions.hmac(visitor, s.value, 'sha256'), 'hex') = signature
  ) then
    select split_part(headers ->> s.value, ',', -1) into visitor
    from private.settings s
    where s.name = 'address_header';
  end if;
  return coalesce(private.plain_address(visitor), 'unknown');
end;
$$;

-- What an address counts as, wherever calls are counted by it: itself, or for IPv6 its /64, which is the least that one
-- line has.
create function private.network(address text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  plain text := private.plain_address(address);
begin
  if plain is null then
    return 'unknown';
  end if;
  return case when family(plain::inet) = 6 then network(set_masklen(plain::inet, 64))::text else plain end;
end;
$$;

-- Who is calling, for what is counted: the account, or a visitor's network.
create function private.caller()
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce(auth.uid()::text, private.network(private.address()));
end;
$$;

-- A call whose transaction fails takes its count back, and its maker can see to that: what PostgREST does to an answer
-- (the cast of a column, a filter, a wish that there be one row) fails after the function has run and may tell what it
-- answered. A sequence is the one thing here that no rollback turns back. Each call of a lasting limit begun adds one
-- to two of them, each one that is committed takes it off again: what is left are calls that were undone, or are under
-- way. Which two they are is left to chance, made anew each quarter of an hour by a secret, and the lesser of both
-- counts: with 512 of them hardly anybody is taken for somebody else, and nobody by design. The first eight are
-- nobody's, since every refusal that is an exception undoes a call.
do $$
begin
  for bucket in 0..511 loop
    execute format('create sequence private.undone_%s minvalue 0 start 0 cache 1', bucket);
  end loop;
end;
$$;

-- The sequences of someone's calls at this moment, and what each begins this quarter of an hour with.
create function private.undone_buckets(limit_name text, who text, out buckets regclass[], out base bigint)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  quarter constant bigint := floor(extract(epoch from now()) / 900);
  digest bytea;
begin
  -- a quarter of an hour is far from having a million calls
  base := quarter * 1000000;
  select extensions.hmac(quarter || ' ' || limit_name || ' ' || who, s.value, 'sha256') into digest
  from private.settings s
  where s.name = 'link_secret';
  buckets := array[
    format('private.undone_%s', get_byte(digest, 0)), format('private.undone_%s', 256 + get_byte(digest, 1))
  ]::regclass[];
end;
$$;

-- How many calls, but for eight, were undone or are under way.
create function private.undone_before(limit_name text, who text)
returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
  b record;
begin
  select * into b from private.undone_buckets(limit_name, who);
  return (
    select greatest(min(coalesce(pg_sequence_last_value(x.bucket), 0) - b.base - 8), 0)
      from unnest(b.buckets) as x (bucket)
  );
end;
$$;

-- Begins a call of a lasting limit; gives how many others, but for eight, were undone or are under way.
create function private.undone_calls(limit_name text, who text)
returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
  b record;
  bucket regclass;
  least_of bigint;
begin
  select * into b from private.undone_buckets(limit_name, who);
  foreach bucket in array b.buckets loop
    if coalesce(pg_sequence_last_value(bucket), 0) < b.base then
      perform setval(bucket, b.base);
    end if;
    least_of := least(least_of, nextval(bucket) - b.base - 9);
  end loop;
  return greatest(least_of, 0);
end;
$$;

-- At the commit of a call of a lasting limit: it was not undone.
create function private.finish_call()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  b record;
begin
  select * into b from private.undone_buckets(new.name, new.caller);
  perform setval(bucket, greatest(pg_sequence_last_value(bucket) - 1, b.base)) from unnest(b.buckets) as bucket;
  return null;
end;
$$;
create constraint trigger finish_call after insert or update on private.rate_counters
  deferrable initially deferred
  for each row when (new.lasting) execute function private.finish_call();

-- Counts one call of someone against a limit, in windows of fixed length; null while it is within the limit, else the
-- seconds until the next window.
create function private.over_limit(limit_name text, who text)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  rule private.rate_limits;
  this_window timestamptz;
  counted bigint;
  undone bigint := 0;
begin
  select * into strict rule from private.rate_limits where name = limit_name;
  this_window := date_bin(rule.per, now(), 'epoch');
  -- Who is over a lasting limit adds nothing to what others share with them.
  if rule.lasting then
    select coalesce(sum(c.calls), 0) + private.undone_before(limit_name, who) into counted
    from private.rate_counters c
    where c.name = limit_name and c.caller = who and c.window_start = this_window;
    if counted >= rule.max_calls then
      return greatest(ceil(extract(epoch from this_window + rule.per - clock_timestamp())), 1);
    end if;
  end if;
  insert into private.rate_counters as c (name, caller, window_start, shard, calls, lasting)
  values (limit_name, who, this_window, case when rule.exact then 0 else pg_backend_pid() % 16 end, 1, rule.lasting)
  on conflict (name, caller, window_start, shard) do update set calls = c.calls + 1;
  -- an exact limit's calls have waited for each other by now: none is under way
  if rule.lasting then
    undone := private.undone_calls(limit_name, who);
  end if;
  -- where one row counts them all, its lock is held by now: what others counted before is there to be seen
  select sum(c.calls) into counted
  from private.rate_counters c
  where c.name = limit_name and c.caller = who and c.window_start = this_window;
  if counted + undone > rule.max_calls then
    return greatest(ceil(extract(epoch from this_window + rule.per - clock_timestamp())), 1);
  end if;
  return null;
end;
$$;

-- Counts one call of someone, the caller where nobody is named; for an account, where there is a limit of that name
-- with `_network`, for where it calls from too: accounts are had for nothing. Raises rate_limited (429); its detail is
-- the number of seconds to wait. A transaction that fails takes its count back: see private.refused.
create function private.count_call(limit_name text, who text default null)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  wait int := private.over_limit(limit_name, coalesce(who, private.caller()));
  of_network constant text := limit_name || '_network';
begin
  if wait is null and who is null and auth.uid() is not null
    and exists (select from private.rate_limits l where l.name = of_network)
  then
    wait := private.over_limit(of_network, private.network(private.address()));
  end if;
  if wait is not null then
    perform private.fail(429, 'rate_limited', wait::text);
  end if;
end;
$$;

grant execute on function private.count_call(text, text) to anon, authenticated;

-- The advisory lock of the caller's account: shared by all that it writes, alone for its deletion.
create function private.account_lock()
returns bigint
language sql
stable
set search_path = ''
as $$
  select hashtextextended('account ' || (auth.jwt() ->> 'sub'), 0);
$$;

-- What PostgREST calls before each request, with the caller's role. Raises not_found (404) for a path that is spelt in
-- an unusual way, session_ended (401) where the token outlived its session or its account is suspended, and
-- second_factor_required (403) where the second factor is missing: then only that, or a recovery code, may be given. A
-- function that may write is refused to a GET (405). Counts what visitors and accounts write, by account and by
-- address; what only reads runs in a read-only transaction and is not counted, or counts the secrets and codes that it
-- takes by itself. An account is not deleted in the midst of what it writes (private.account_lock), and writes nothing
-- after.
create function private.check_request()
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  acting text := auth.role();
  writes boolean := current_setting('transaction_read_only') = 'off';
  path text := current_setting('request.path', true);
  method text := current_setting('request.method', true);
  state text;
begin
  -- Below calls are told apart by their path as it was written, which PostgREST reads decoded: nothing of ours is
  -- called by another spelling.
  if path !~ '^/(rpc/)?[a-z0-9_]*$' then
    perform private.fail(404, 'not_found');
  end if;
  if acting = 'authenticated' then
    -- before anything is counted: who waits for the account then holds nothing that its other calls wait for
    if writes and path = '/rpc/delete_my_account' then
      perform pg_advisory_xact_lock(private.account_lock());
    elsif writes then
      perform pg_advisory_xact_lock_shared(private.account_lock());
    end if;
    state := coalesce(private.session_state(), 'ended');
  end if;
  if state = 'ended' then
    perform private.fail(401, 'session_ended');
  elsif state = 'unproven' and (
    path is null
    or path <> all (array['/rpc/use_recovery_code', '/rpc/attempt_second_factor', '/rpc/count_auth_call'])
  ) then
    perform private.fail(403, 'second_factor_required');
  end if;
  -- Else what counts a call, here or by itself, would be called without it: a GET writes nothing.
  if not writes and method in ('GET', 'HEAD') and exists (
    select
    from pg_catalog.pg_proc p
    where path like '/rpc/%' and p.proname = substr(path, 6) and p.pronamespace = 'public'::regnamespace
      and p.provolatile = 'v'
  ) then
    raise exception 'cannot be called by %', method using errcode = '25006';
  end if;
  -- the latter read, and write nothing but their own count
  if not writes or path = any (array[
    '/rpc/get_booking', '/rpc/slots_to_move', '/rpc/quote_booking', '/rpc/quote_change', '/rpc/get_invitation',
    '/rpc/booking_calendar'
  ]) then
    return;
  end if;
  if acting = 'authenticated' then
    perform private.count_call('address_writes', private.network(private.address()));
  end if;
  -- these count their own calls, refused ones too
  if path = any (array[
    '/rpc/create_booking', '/rpc/cancel_booking', '/rpc/reschedule_booking', '/rpc/join_waitlist',
    '/rpc/complete_booking', '/rpc/send_message', '/rpc/use_recovery_code', '/rpc/attempt_sign_in', '/rpc/attempt_recovery',
    '/rpc/attempt_second_factor', '/rpc/count_auth_call'
  ]) then
    return;
  end if;
  if acting = 'anon' then
    perform private.count_call('visitor_writes');
  elsif acting = 'authenticated' then
    perform private.count_call('account_writes');
  end if;
end;
$$;
grant execute on function private.check_request() to anon, authenticated, service_role;
alter role authenticator set pgrst.db_pre_request = 'private.check_request';
notify pgrst, 'reload config';

-- A refusal as an answer instead of an exception, so that what was counted before it stays counted: over the API it
-- sets the HTTP status and gives {"code", "message", "details", "hint"}, which is what a client gets of an exception
-- too. Called anywhere else, or for anything but one of private.fail's errors, it raises the exception again.
create function private.refused(state text, message text, details text, hint text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  if state not like 'PT4__' or nullif(current_setting('request.method', true), '') is null then
    raise exception using errcode = state, message = message, detail = details, hint = hint;
  end if;
  perform set_config('response.status', substr(state, 3), true);
  return jsonb_build_object('code', state, 'message', message, 'details', details, 'hint', hint);
end;
$$;
grant execute on function private.refused(text, text, text, text) to anon, authenticated;

-- Spelling folded for search: case and accents dropped, compatibility forms (ligatures, full width, digits of other
-- scripts) brought into the usual ones, invisible marks removed; in Arabic, forms of alef, waw, ya, ha and kaf unified,
-- those that neighbouring languages type too, and hamza, vowel marks and tatweel removed. Immutable, so that indexes
-- may use it (unaccent's dictionary never changes here).
create function private.fold(input text)
returns text
language sql
immutable
parallel safe
set search_path = ''
as $$
  select regexp_replace(
    translate(
      extensions.unaccent('extensions.unaccent', lower(normalize(input, nfkc))),
      'أإآٱؤىئیېةھہەکگڭݣپڤڥچ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹',
      'ااااوييييههههككككبففج01234567890123456789'
    ),
    '[\u0621\u064B-\u065F\u0670\u0640\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]', '', 'g'
  );
$$;
grant execute on function private.fold(text) to anon, authenticated, service_role;

-- What Arabic words have in common however they are spelt: of each folded word its consonants, without the article and
-- a final ha, doubled ones once, and those as one that people write for each other (س for ص, ض for ظ, ت for ط and ث, د
-- for ذ). Long vowels are what is most often left out or put in, and so short a word has too few trigrams in common
-- with itself. Words of fewer than three consonants have none: they would be like too many.
create function private.skeletons(folded text)
returns text[]
language sql
immutable
parallel safe
set search_path = ''
as $$
  select array(
    select distinct s.skeleton
    from regexp_split_to_table(folded, '[^ا-ي]+') as w (word)
    cross join lateral regexp_replace(w.word, '^([وبفك]?ال|لل)(?=.{3})|ه$', '', 'g') as b (bare)
    cross join lateral regexp_replace(
      translate(left(b.bare, 1) || translate(substr(b.bare, 2), 'اوي', ''), 'صطثظذا', 'ستتضد'), '(.)\1+', '\1', 'g'
    ) as s (skeleton)
    where char_length(s.skeleton) > 2
  );
$$;

-- Sets updated_at, for the tables that have one.
create function private.touch()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

-- For tables whose rows tell what happened: no role, the owner and the secret key included, changes or removes one. The
-- triggers that call it are made `enable always`, for rows and for truncate.
create function private.refuse_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end;
$$;
