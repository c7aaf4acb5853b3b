-- Signing in: how often a password may be tried and a link asked for. Supabase Auth limits addresses, but sees that of the
-- site's server for all of its visitors, and knows no limit for one account; both are counted here.

-- How many attempts that are no success an address and, apart from that, an account may make. Data, so that it can be
-- tuned live: many people may share one address.
create table private.attempt_limits (
  kind text primary key,
  max_attempts int not null constraint attempt_limits_some_attempts check (max_attempts > 0),
  per interval not null
);
alter table private.attempt_limits enable row level security;

insert into private.attempt_limits (kind, max_attempts, per)
values
  -- product.md, "Be safe"
  ('sign_in', 10, '15 minutes'),
  -- six digits, of which three are right at any time: years of guessing
  ('second_factor', 10, '15 minutes'),
  ('recovery', 3, '1 hour');

-- One row for each attempt that was not a success. Forgotten after a day, when no limit asks for it any more.
create table private.sign_in_attempts (
  id bigint generated always as identity primary key,
  kind text not null references private.attempt_limits (kind),
  -- private.account_key of the address that was tried, whether or not there is such an account
  account bytea not null,
  -- null when somebody asked Auth without asking here first
  address text,
  -- Auth has said that the password was wrong
  wrong boolean not null default false,
  at timestamptz not null default clock_timestamp()
);
create index sign_in_attempts_account on private.sign_in_attempts (kind, account, at);
create index sign_in_attempts_address on private.sign_in_attempts (kind, address, at);
create index sign_in_attempts_at on private.sign_in_attempts (at);
alter table private.sign_in_attempts enable row level security;

-- What stands for an account in the table above: who reads it learns no address.
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

-- Lets an attempt begin and notes it, or raises rate_limited (429) with the seconds to wait. Nothing in the answer depends
-- on whether there is an account: attempts are noted by the address that was typed, before anyone looks for it. Who is
-- signed in counts by the address they call from all the same: an account of one's own buys no further guesses.
create function private.attempt(wanted text, email text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  rule private.attempt_limits;
  me text := private.address();
  key bytea := private.account_key(email);
  opens timestamptz;
begin
  if email is null or char_length(email) > 320 or position('@' in email) = 0 then
    perform private.fail(422, 'invalid_input', 'email');
  end if;
  select * into strict rule from private.attempt_limits where kind = wanted;
  -- One at a time for an address and for an account; addresses first, so that no two wait for each other.
  perform pg_advisory_xact_lock(hashtextextended('sign_in address ' || me, 0));
  perform pg_advisory_xact_lock(hashtextextended('sign_in account ' || encode(key, 'hex'), 0));
  select max(latest.at) + rule.per into opens
  from (
    (
      select a.at
      from private.sign_in_attempts a
      where a.kind = wanted and a.address = me and a.at > clock_timestamp() - rule.per
      order by a.at desc
      offset rule.max_attempts - 1 limit 1
    )
    union all
    (
      -- Those that went to Auth alone are left out: they are noted only where there is an account, and would tell it.
      select a.at
      from private.sign_in_attempts a
      where a.kind = wanted and a.account = key and a.address is not null and a.at > clock_timestamp() - rule.per
      order by a.at desc
      offset rule.max_attempts - 1 limit 1
    )
  ) as latest;
  if opens is not null then
    perform private.fail(429, 'rate_limited', greatest(ceil(extract(epoch from opens - clock_timestamp())), 1)::text);
  end if;
  insert into private.sign_in_attempts (kind, account, address) values (wanted, key, me);
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
grant execute on function private.attempt(text, text) to anon, authenticated;

-- Asked by the site before it gives a password to Auth. A success is not reported by whoever asked, who could say so of
-- every failure: Auth itself tells it to the function below, which takes the attempt back.
create function public.attempt_sign_in(email text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.attempt('sign_in', email);
$$;
grant execute on function public.attempt_sign_in(text) to anon, authenticated;

-- Asked by the site before it has Auth send a link: to choose a new password, or to sign in without one.
create function public.attempt_recovery(email text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.attempt('recovery', email);
$$;
grant execute on function public.attempt_recovery(text) to anon, authenticated;

-- Whether an account has had its number of wrong passwords or codes for now. Until the transaction ends nobody else counts.
create function private.too_many_wrong(wanted text, key bytea)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  rule private.attempt_limits;
begin
  select * into strict rule from private.attempt_limits where kind = wanted;
  perform pg_advisory_xact_lock(hashtextextended('sign_in account ' || encode(key, 'hex'), 0));
  return (
    select count(*) >= rule.max_attempts
    from private.sign_in_attempts a
    where a.kind = wanted and a.account = key and a.wrong and a.at > clock_timestamp() - rule.per
  );
end;
$$;

-- Called by Auth after each password, right or wrong: `event` has user_id and valid. Once an account has had its number of
-- wrong ones, whoever tried them, a right one is answered as a wrong one is, until they are past: so nobody who guesses
-- learns of a hit. Attempts in that time are not counted, so the wait does not grow. Sessions that exist go on, and so do
-- the other ways in: a link by mail, Google, Facebook.
create function private.password_verification_attempt(event jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  key bytea;
  begun private.sign_in_attempts;
begin
  select private.account_key(u.email) into key from auth.users u where u.id = (event ->> 'user_id')::uuid;
  if key is null then
    return '{"decision": "continue"}';
  end if;
  if private.too_many_wrong('sign_in', key) then
    return '{"decision": "reject", "message": "Invalid login credentials"}';
  end if;
  -- The attempt that the site began for this password; none when somebody asked Auth directly.
  select * into begun
  from private.sign_in_attempts a
  where a.kind = 'sign_in' and a.account = key and not a.wrong and a.at > clock_timestamp() - interval '1 minute'
  order by a.at desc
  limit 1;
  if (event ->> 'valid')::boolean then
    -- Who knew the password in the end made these mistakes themselves; what others tried stays counted.
    delete from private.sign_in_attempts a
    where a.kind = 'sign_in' and a.account = key and a.address = begun.address;
  elsif begun.id is not null then
    update private.sign_in_attempts a set wrong = true where a.id = begun.id;
  else
    insert into private.sign_in_attempts (kind, account, wrong) values ('sign_in', key, true);
  end if;
  return '{"decision": "continue"}';
end;
$$;

-- Called by Auth after each code of an authenticator app, right or wrong: `event` has user_id and valid. Only who knows the
-- password comes this far, so the wait may be told; after too many wrong ones a right one waits too. Sessions that exist go
-- on, which a decision to reject would end.
create function private.mfa_verification_attempt(event jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  key bytea;
begin
  select private.account_key(u.email) into key from auth.users u where u.id = (event ->> 'user_id')::uuid;
  if key is null then
    return '{"decision": "continue"}';
  end if;
  if private.too_many_wrong('second_factor', key) then
    return '{"error": {"http_code": 429, "message": "Too many wrong codes. Try again later."}}';
  end if;
  if (event ->> 'valid')::boolean then
    delete from private.sign_in_attempts a where a.kind = 'second_factor' and a.account = key;
  else
    insert into private.sign_in_attempts (kind, account, wrong) values ('second_factor', key, true);
  end if;
  return '{"decision": "continue"}';
end;
$$;

grant usage on schema private to supabase_auth_admin;
grant execute on function private.password_verification_attempt(jsonb) to supabase_auth_admin;
grant execute on function private.mfa_verification_attempt(jsonb) to supabase_auth_admin;
