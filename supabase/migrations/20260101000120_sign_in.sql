-- Signing in: how often a password may be tried and a link asked for. Supabase Auth limits addresses, but sees that of
-- the site's server for all of its visitors, and knows no limit for one account; both are counted here. Nobody's tries
-- keep the owner of an account out: what is counted is an account from one place, and places from which it was signed
-- in to before are not held up by what others try.

-- How many attempts that are no success may be made in an interval. Scopes: place, one account from one network or
-- device; network, all accounts from one network, which many people may share; account, one account from all places
-- that are not known for it; direct, one account by passwords and codes given to Auth without asking here, of which
-- nobody's own page makes any. Where a first wait is named, waits
-- double with each further attempt up to the longest; else one waits until enough of them are past. Data, so that it
-- can be tuned live.
create table private.attempt_limits (
  kind text not null,
  scope text not null constraint attempt_limits_scope_known check (scope in ('place', 'network', 'account', 'direct')),
  max_attempts int not null constraint attempt_limits_some_attempts check (max_attempts > 0),
  per interval not null,
  first_wait interval,
  longest_wait interval,
  primary key (kind, scope)
);
alter table private.attempt_limits enable row level security;

insert into private.attempt_limits (kind, scope, max_attempts, per, first_wait, longest_wait)
values
  -- product.md, "Be safe"
  ('sign_in', 'place', 10, '1 day', '15 minutes', '1 hour'),
  ('sign_in', 'network', 100, '15 minutes', null, null),
  -- From everywhere together some 130 attempts a day, and ten past the site. Who is held by others' at a new place gets
  -- in by a link, which is not (recovery), and is known there from then on.
  ('sign_in', 'account', 30, '1 day', '1 minute', '15 minutes'),
  ('sign_in', 'direct', 10, '1 day', null, null),
  -- Six digits, of which three are right at any time. Who knows the password and has networks without end gives 20
  -- codes a day at once, 5 more in the half hour after, then one each half hour, and 10 past the site: some 85, of
  -- which one is right with a chance of 1 in 4,000, a day; in a year of it one in eleven. In a network or on a device
  -- that the account knows, its owner is not held up by them; there, as everywhere, one place gives 34 a day.
  ('second_factor', 'place', 10, '1 day', '15 minutes', '1 hour'),
  ('second_factor', 'account', 20, '1 day', '1 minute', '30 minutes'),
  ('second_factor', 'direct', 10, '1 day', null, null),
  -- sixty bits are never guessed, from however many places
  ('recovery_code', 'place', 10, '15 minutes', null, null),
  ('recovery', 'place', 3, '1 hour', null, null),
  -- of the platform's thousand mails an hour
  ('recovery', 'network', 40, '1 hour', null, null),
  -- Mails that were sent: whoever is held by others' has one of a few minutes ago, and a link is good for ten.
  ('recovery', 'account', 10, '1 hour', '5 minutes', '5 minutes');

-- One row for each attempt that was not a success. Forgotten after a day, when no limit asks for it any more.
create table private.sign_in_attempts (
  id bigint generated always as identity primary key,
  kind text not null,
  -- private.account_key of the address that was tried, whether or not there is such an account
  account bytea not null,
  -- private.place; null when somebody asked Auth without asking here first
  place text,
  -- the account had been signed in to from there before
  known boolean not null default false,
  -- how many passwords or codes Auth was given on the strength of this attempt, and whether the last was wrong; of a
  -- recovery, how many mails it sent
  tries int not null default 0,
  wrong boolean not null default false,
  at timestamptz not null default clock_timestamp()
);
create index sign_in_attempts_account on private.sign_in_attempts (kind, account, at);
create index sign_in_attempts_place on private.sign_in_attempts (kind, place, at);
create index sign_in_attempts_at on private.sign_in_attempts (at);
alter table private.sign_in_attempts enable row level security;

-- From where an account was signed in to. Forgotten half a year after the last time.
create table private.known_places (
  account bytea not null,
  place text not null,
  seen_at timestamptz not null default now(),
  primary key (account, place)
);
create index known_places_seen_at on private.known_places (seen_at);
alter table private.known_places enable row level security;

-- What stands for an account in the tables above: who reads them learns no address.
create function private.account_key(email text)
returns bytea
language sql
stable
set search_path = ''
as $$
  select extensions.hmac(coalesce(private.email(email), lower(trim(email))), s.value, 'sha256')
  from private.settings s
  where s.name = 'link_secret';
$$;

-- The same for an account that there is; null for one that there is not.
create function private.key_of(account uuid)
returns bytea
language sql
stable
set search_path = ''
as $$
  select private.account_key(coalesce(nullif(u.email, ''), u.id::text)) from auth.users u where u.id = account;
$$;

-- How a device is written down that the site knows by a secret of at least 32 characters in a cookie; null without one.
create function private.device(secret text)
returns text
language sql
immutable
set search_path = ''
as $$
  select 'device ' || encode(extensions.digest(secret, 'sha256'), 'hex') where char_length(secret) between 32 and 200;
$$;

-- Writes down that the account of a key was signed in to from the caller's network, on the device: both are known for
-- it from now on, and what was tried there before was the owner's own. Called by who has proven to be that.
create function private.note_place(key bytea, device_secret text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  places text[] := array_remove(
    array[nullif(private.network(private.address()), 'unknown'), private.device(device_secret)], null
  );
begin
  insert into private.known_places as k (account, place)
  select key, place from unnest(places) as place
  on conflict (account, place) do update set seen_at = excluded.seen_at
  where k.seen_at < now() - interval '1 day';
  delete from private.sign_in_attempts a where a.account = key and a.place = any (places);
  delete from private.known_places
  where (account, place) in (
    select k.account, k.place
    from private.known_places k
    where k.seen_at < now() - interval '180 days'
    order by k.seen_at
    limit 100
    for update skip locked
  );
end;
$$;

-- When the next attempt may be made after those that count for one limit, given by the latest first; null for at once.
create function private.opens_at(rule private.attempt_limits, made timestamptz[])
returns timestamptz
language sql
immutable
set search_path = ''
as $$
  select case
    when coalesce(cardinality(made), 0) < rule.max_attempts then null
    when rule.first_wait is null then made[rule.max_attempts] + rule.per
    else made[1] + least(rule.first_wait * 2 ^ least(cardinality(made) - rule.max_attempts, 10), rule.longest_wait)
  end;
$$;

-- Lets an attempt on the account of a key begin and notes it, or raises rate_limited (429) with the seconds to wait.
-- Who is signed in counts by where they call from all the same: an account of one's own buys no further guesses.
create function private.begin_attempt(wanted text, key bytea, device_secret text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  here text;
  is_known boolean;
  opens timestamptz;
begin
  -- A device counts apart from the network it is in, which others may use; only for an account that it was used for.
  select k.place into here
  from private.known_places k
  where k.account = key and k.place = private.device(device_secret);
  here := coalesce(here, private.network(private.address()));
  is_known := exists (select from private.known_places k where k.account = key and k.place = here);
  -- One at a time for a place and for an account; places first, so that no two wait for each other.
  perform pg_advisory_xact_lock(hashtextextended('sign_in place ' || here, 0));
  perform pg_advisory_xact_lock(hashtextextended('sign_in account ' || encode(key, 'hex'), 0));
  select max(private.opens_at(l, made.moments)) into opens
  from private.attempt_limits l,
    lateral (
      select array_agg(latest.at order by latest.at desc) as moments
      from (
        select a.at
        from private.sign_in_attempts a
        where a.kind = wanted
          and a.at > clock_timestamp() - l.per
          and (l.scope = 'network' or a.account = key)
          and (l.scope = 'account' or a.place = here)
          -- Those that went to Auth alone are left out: they are noted only where there is an account, and would tell
          -- it. So is a question that no mail followed: it would keep the account's owner from theirs.
          and (l.scope <> 'account' or not a.known and a.place is not null and (wanted <> 'recovery' or a.tries > 0))
        order by a.at desc
        limit l.max_attempts + 10
      ) as latest
    ) as made
  where l.kind = wanted
    and (l.scope = 'place' or l.scope = 'network' and here not like 'device %' or l.scope = 'account' and not is_known);
  if opens > clock_timestamp() then
    perform private.fail(429, 'rate_limited', greatest(ceil(extract(epoch from opens - clock_timestamp())), 1)::text);
  end if;
  insert into private.sign_in_attempts (kind, account, place, known) values (wanted, key, here, is_known);
  delete from private.sign_in_attempts
  where id in (
    select id
    from private.sign_in_attempts
    where at < now() - interval '1 day'
    order by at
    limit 100
    for update skip locked
  );
end;
$$;

-- The same for an address. Nothing in the answer depends on whether there is an account: attempts are noted by the
-- address that was typed, before anyone looks for it.
create function private.attempt(wanted text, email text, device_secret text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if email is null or char_length(email) > 320 or position('@' in email) = 0 then
    perform private.fail(422, 'invalid_input', 'email');
  end if;
  perform private.begin_attempt(wanted, private.account_key(email), device_secret);
end;
$$;
grant execute on function private.attempt(text, text, text) to anon, authenticated;

-- A last fence, which also holds where calls are undone: what a right owner needs is far below.
insert into private.rate_limits (name, max_calls, per, exact, lasting)
values ('recovery_code', 20, '15 minutes', true, true);

-- The same for the account that is signed in, though it may have yet to give the second factor: raises session_ended
-- too.
create function private.attempt_of_mine(wanted text, device_secret text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- not private.me(): whose second factor is missing is nobody yet
  account uuid := case when private.session_state() in ('open', 'unproven') then auth.uid() end;
begin
  if account is null then
    perform private.fail(401, 'session_ended');
  end if;
  if wanted = 'recovery_code' then
    perform private.count_call('recovery_code', account || ' ' || private.network(private.address()));
  end if;
  perform private.begin_attempt(wanted, private.key_of(account), device_secret);
end;
$$;
grant execute on function private.attempt_of_mine(text, text) to authenticated;

-- Asked by the site before it gives a password to Auth; `device` is the secret of its cookie, if it has one. A success
-- is not reported by whoever asked, who could say so of every failure: Auth itself tells it to the function below, and
-- who then has a session to note_session.
create function public.attempt_sign_in(email text, device text default null)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.attempt('sign_in', email, device);
$$;
grant execute on function public.attempt_sign_in(text, text) to anon, authenticated;

-- Asked by the site before it has Auth send a mail: to sign up, to choose a new password, or to sign in without one.
create function public.attempt_recovery(email text, device text default null)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.attempt('recovery', email, device);
$$;
grant execute on function public.attempt_recovery(text, text) to anon, authenticated;

-- Notes of the latest question for a mail that Auth has sent it.
create function private.note_mail()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update private.sign_in_attempts
  set tries = tries + 1
  where id = (
    select a.id
    from private.sign_in_attempts a
    where a.kind = 'recovery' and a.account = private.key_of(new.id) and a.place is not null
      and a.at > clock_timestamp() - interval '30 seconds'
    order by a.at desc
    limit 1
  );
  return null;
end;
$$;

create trigger note_mail after update on auth.users
  for each row
  when (
    old.confirmation_sent_at is distinct from new.confirmation_sent_at and new.confirmation_sent_at is not null
    or old.recovery_sent_at is distinct from new.recovery_sent_at and new.recovery_sent_at is not null
  )
  execute function private.note_mail();

-- Asked by the site before it gives Auth a code of the caller's authenticator app. Who knows the password alone is
-- counted from where they are, so that they keep its owner out nowhere that the account knows. Raises rate_limited,
-- session_ended.
create function public.attempt_second_factor(device text default null)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.attempt_of_mine('second_factor', device);
$$;
grant execute on function public.attempt_second_factor(text) to authenticated;

-- What of Auth the site may ask in five minutes for one network's visitors, and for one account in one network: Auth
-- sees the site's server for all of them (README.md says how it sees each), and what it allows one address
-- (config.toml) would be one stranger's to use up. The rates of config.toml and of hosted projects: tokens 3,000, the
-- others 300, codes of a second factor 75.
insert into private.rate_limits (name, max_calls, per)
values
  ('auth_token', 300, '5 minutes'),
  ('auth_verify', 60, '5 minutes'),
  ('auth_mail', 60, '5 minutes'),
  ('auth_user', 60, '5 minutes'),
  ('auth_user_account', 20, '5 minutes'),
  ('auth_factor', 30, '5 minutes'),
  ('auth_factor_account', 15, '5 minutes');

create function private.count_auth_call(operation text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  here constant text := private.network(private.address());
begin
  if operation is null or operation not in ('token', 'verify', 'mail', 'user', 'factor') then
    perform private.fail(422, 'invalid_input', 'operation');
  end if;
  if operation in ('user', 'factor') and auth.uid() is not null then
    perform private.count_call('auth_' || operation || '_account', auth.uid() || ' ' || here);
  end if;
  perform private.count_call('auth_' || operation, here);
end;
$$;

-- Asked by the site before whatever it asks Auth that Auth counts by address; right passwords and codes count too.
-- operation: token (sign-in, renewal), verify (a link's secret), mail, user (a change of the account), factor (a code
-- of a second factor). Raises rate_limited, invalid_input (operation).
create function public.count_auth_call(operation text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.count_auth_call(operation);
$$;
grant execute on function private.count_auth_call(text) to anon, authenticated;
grant execute on function public.count_auth_call(text) to anon, authenticated;

-- Whether an account has had its number of wrong passwords or codes for now, of those that were given to Auth without
-- asking here. Until the transaction ends nobody else counts.
create function private.too_many_wrong(wanted text, key bytea)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  rule private.attempt_limits;
begin
  select * into strict rule from private.attempt_limits where kind = wanted and scope = 'direct';
  perform pg_advisory_xact_lock(hashtextextended('sign_in account ' || encode(key, 'hex'), 0));
  return (
    select count(*) >= rule.max_attempts
    from private.sign_in_attempts a
    where a.kind = wanted and a.account = key and a.place is null and a.wrong and a.at > clock_timestamp() - rule.per
  );
end;
$$;

-- Settles a password or code that Auth was given: false when it counts as wrong whatever it is. An attempt that was
-- begun here is good for `most` of them.
create function private.settle_attempt(wanted text, key bytea, right_one boolean, most int)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  begun private.sign_in_attempts;
begin
  select * into begun
  from private.sign_in_attempts a
  where a.kind = wanted and a.account = key and a.place is not null and a.tries < most
    and a.at > clock_timestamp() - interval '30 seconds'
  order by a.at desc
  limit 1
  for update;
  if begun.id is not null and right_one then
    -- Who knew it in the end made these mistakes themselves; what others tried stays counted.
    delete from private.sign_in_attempts a where a.kind = wanted and a.account = key and a.place = begun.place;
  elsif begun.id is not null then
    update private.sign_in_attempts a set tries = a.tries + 1, wrong = true where a.id = begun.id;
  elsif private.too_many_wrong(wanted, key) then
    return false;
  elsif not right_one then
    insert into private.sign_in_attempts (kind, account, wrong) values (wanted, key, true);
  end if;
  return true;
end;
$$;

-- Called by Auth after each password, right or wrong: `event` has user_id and valid. Whoever asked above first was
-- counted there, and goes on. All others are counted here as one, since what Auth takes for their address may be what
-- they say it is: once they have given a number of wrong ones for an account, a right one of theirs is answered as a
-- wrong one is, until those are past; so nobody who guesses learns of a hit. Attempts in that time are not counted, so
-- the wait does not grow. Who comes by the site is not held up by it, nor are sessions that exist, a link by mail,
-- Google, Facebook.
create function private.password_verification_attempt(event jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  key constant bytea := private.key_of((event ->> 'user_id')::uuid);
begin
  -- The attempt that was begun for this password is good for a few, since another may be given in between by somebody
  -- who asked Auth alone and would take it from who began it; not for many, else one attempt were many guesses.
  if key is null or private.settle_attempt('sign_in', key, (event ->> 'valid')::boolean, 3) then
    return '{"decision": "continue"}';
  end if;
  return '{"decision": "reject", "message": "Invalid login credentials"}';
end;
$$;

-- Called by Auth after each code of an authenticator app, right or wrong: `event` has user_id and valid. Whoever asked
-- above first goes on, for one code; all others are counted as one. Only who knows the password comes this far, so the
-- wait may be told; after too many wrong ones a right one waits too. Sessions that exist go on, which a decision to
-- reject would end.
create function private.mfa_verification_attempt(event jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  key constant bytea := private.key_of((event ->> 'user_id')::uuid);
begin
  if key is null or private.settle_attempt('second_factor', key, (event ->> 'valid')::boolean, 1) then
    return '{"decision": "continue"}';
  end if;
  return '{"error": {"http_code": 429, "message": "Too many wrong codes. Try again later."}}';
end;
$$;

-- What asks Auth itself for new accounts, past the site.
insert into private.rate_limits (name, max_calls, per, exact)
values
  -- by Google or Facebook, from one network: Auth sees people where they are; many share one of a mobile carrier
  ('new_account', 60, '1 hour', true),
  -- by mail and past the site: no page of ours goes this way, so that nobody waits for it who signs up there. From one
  -- network, and from everywhere together, as what Auth takes for somebody's address may be what they say it is
  ('new_account_direct_network', 20, '1 hour', true),
  ('new_account_direct', 100, '1 hour', true);

-- Called by Auth before it makes an account: `event` has metadata.ip_address and the user as it will be. Who was let
-- through by attempt_recovery for that address was counted there by the true place, and goes on. All others are counted
-- here.
create function private.before_user_created(event jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  place constant text := private.network(event #>> '{metadata,ip_address}');
  wait int;
begin
  if coalesce(event #>> '{user,app_metadata,provider}', 'email') not in ('email', 'phone') then
    wait := private.over_limit('new_account', place);
  elsif not exists (
    select
    from private.sign_in_attempts a
    where a.kind = 'recovery' and a.account = private.account_key(event #>> '{user,email}') and a.place is not null
      and a.at > clock_timestamp() - interval '30 seconds'
  ) then
    wait := coalesce(
      private.over_limit('new_account_direct_network', place), private.over_limit('new_account_direct', 'everybody')
    );
  end if;
  if wait is not null then
    return '{"error": {"http_code": 429, "message": "Too many new accounts. Try again later."}}';
  end if;
  return '{}';
end;
$$;

grant usage on schema private to supabase_auth_admin;
grant execute on function private.before_user_created(jsonb) to supabase_auth_admin;
grant execute on function private.password_verification_attempt(jsonb) to supabase_auth_admin;
grant execute on function private.mfa_verification_attempt(jsonb) to supabase_auth_admin;

create function private.note_session(user_agent text, device text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if private.me() is null then
    return;
  end if;
  insert into private.session_places (session_id, address, user_agent)
  values (
    (auth.jwt() ->> 'session_id')::uuid, private.address(), left(coalesce(note_session.user_agent, ''), 500)
  )
  on conflict (session_id) do update set address = excluded.address, user_agent = excluded.user_agent;
  perform private.note_place(private.key_of(private.me()), note_session.device);
end;
$$;

-- Remembers address and browser of the caller's session, for the list of sessions, and that its account is at home
-- there and on the device whose secret the site keeps in a cookie. Called once signed in.
create function public.note_session(user_agent text, device text default null)
returns void
language sql
set search_path = ''
as $$
  select private.note_session(user_agent, device);
$$;
grant execute on function private.note_session(text, text) to authenticated;
grant execute on function public.note_session(text, text) to authenticated;
