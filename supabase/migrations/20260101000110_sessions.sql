-- Sessions and the second factor: where an account is signed in, ending that, and getting back in without the phone.

-- From where a session was opened, as the site's server saw it: what Auth keeps is the address of that server.
create table private.session_places (
  session_id uuid primary key references auth.sessions (id) on delete cascade,
  address text not null,
  user_agent text not null
);
alter table private.session_places enable row level security;
create trigger clean_text before insert or update of user_agent on private.session_places
  for each row execute function private.clean_text('user_agent');

create function private.my_sessions()
returns table (
  id uuid, started_at timestamptz, last_seen_at timestamptz, address text, user_agent text, second_factor boolean,
  current boolean
)
language sql
stable
security definer
set search_path = ''
as $$
  select
    s.id, s.created_at, coalesce(s.refreshed_at at time zone 'UTC', s.created_at),
    coalesce(p.address, host(s.ip)), coalesce(p.user_agent, s.user_agent), s.aal = 'aal2',
    s.id = (auth.jwt() ->> 'session_id')::uuid
  from auth.sessions s
  left join private.session_places p on p.session_id = s.id
  where s.user_id = (select private.me()) and coalesce(s.not_after > now(), true)
  order by 7 desc, 3 desc;
$$;

-- Where the caller is signed in: this session first, then the one last seen (when its token was last renewed).
create function public.my_sessions()
returns table (
  id uuid, started_at timestamptz, last_seen_at timestamptz, address text, user_agent text, second_factor boolean,
  current boolean
)
language sql
stable
set search_path = ''
as $$
  select * from private.my_sessions();
$$;
grant execute on function private.my_sessions() to authenticated;
grant execute on function public.my_sessions() to authenticated;

-- Ends sessions of an account: the one named, or all but the one kept (null: all). Their tokens open nothing from now
-- on; their screens are told, so that they leave. Gives how many there were.
create function private.end_sessions(account uuid, ended uuid default null, kept uuid default null)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  gone uuid[];
begin
  with closed as (
    delete from auth.sessions s
    where s.user_id = account and (ended is null or s.id = ended) and s.id is distinct from kept
    returning s.id
  )
  select coalesce(array_agg(id), '{}') into gone from closed;
  if cardinality(gone) > 0 then
    perform realtime.send(jsonb_build_object('sessions', gone), 'sessions_ended', 'user:' || account, true);
  end if;
  return cardinality(gone);
end;
$$;

create function private.end_session(session_id uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if private.end_sessions(private.me(), coalesce(session_id, gen_random_uuid())) = 0 then
    perform private.fail(404, 'not_found');
  end if;
end;
$$;

-- Ends one of the caller's sessions, on whichever device. Raises not_found for one that is not theirs.
create function public.end_session(session_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.end_session(session_id);
$$;
grant execute on function private.end_session(uuid) to authenticated;
grant execute on function public.end_session(uuid) to authenticated;

create function private.end_other_sessions()
returns int
language sql
security definer
set search_path = ''
as $$
  select private.end_sessions(private.me(), kept => (auth.jwt() ->> 'session_id')::uuid);
$$;

-- Ends all of the caller's sessions but this one; gives how many.
create function public.end_other_sessions()
returns int
language sql
set search_path = ''
as $$
  select private.end_other_sessions();
$$;
grant execute on function private.end_other_sessions() to authenticated;
grant execute on function public.end_other_sessions() to authenticated;

-- One-time codes that stand in for a lost phone. Only their hashes are kept.
create table private.recovery_codes (
  user_id uuid not null references auth.users (id) on delete cascade,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);
alter table private.recovery_codes enable row level security;

-- Sixty random bits in a code; case, spaces and dashes do not matter, nor O for 0 and I or L for 1.
create function private.recovery_code_hash(code text)
returns bytea
language sql
immutable
set search_path = ''
as $$
  select extensions.digest(translate(upper(regexp_replace(code, '[^0-9A-Za-z]', '', 'g')), 'OIL', '011'), 'sha256');
$$;

create function private.make_recovery_codes()
returns setof text
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- Crockford's base 32: no letter that is mistaken for another
  letters constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  code text;
begin
  perform private.require_step_up();
  delete from private.recovery_codes where user_id = private.me();
  perform private.warn(
    private.me(), (select u.email from auth.users u where u.id = private.me()), 'recovery_codes_made'
  );
  perform private.record(private.me(), 'recovery_codes_made', 'auth.mfa_factors', private.me()::text);
  for round in 1..10 loop
    select string_agg(
      substr(letters, get_byte(bytes, n) % 32 + 1, 1) || case when n in (3, 7) then '-' else '' end, '' order by n
    )
    into code
    from extensions.gen_random_bytes(12) as bytes, generate_series(0, 11) as n;
    insert into private.recovery_codes (user_id, code_hash) values (private.me(), private.recovery_code_hash(code));
    return next code;
  end loop;
end;
$$;

-- Ten new recovery codes, shown this once; those made before are void, and their owner is told. Raises
-- step_up_required.
create function public.make_recovery_codes()
returns setof text
language sql
set search_path = ''
as $$
  select * from private.make_recovery_codes();
$$;
grant execute on function private.make_recovery_codes() to authenticated;
grant execute on function public.make_recovery_codes() to authenticated;

create function private.recovery_codes_left()
returns int
language sql
stable
security definer
set search_path = ''
as $$
  select count(*)::int from private.recovery_codes where user_id = (select private.me());
$$;

-- How many recovery codes the caller has left.
create function public.recovery_codes_left()
returns int
language sql
stable
set search_path = ''
as $$
  select private.recovery_codes_left();
$$;
grant execute on function private.recovery_codes_left() to authenticated;
grant execute on function public.recovery_codes_left() to authenticated;

create function private.use_recovery_code(code text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- not private.me(): who needs a code has not given the second factor
  account uuid := case when private.session_state() in ('open', 'unproven') then auth.uid() end;
begin
  if account is null then
    perform private.fail(401, 'session_ended');
  end if;
  delete from private.recovery_codes r
  where r.user_id = account and r.code_hash = private.recovery_code_hash(code);
  if not found then
    perform private.fail(422, 'invalid_input', 'code');
  end if;
  -- which is logged and told: see private.warn_of_factor
  delete from auth.mfa_factors where user_id = account;
  delete from private.recovery_codes where user_id = account;
  perform private.end_sessions(account, kept => (auth.jwt() ->> 'session_id')::uuid);
end;
$$;

-- Gives a recovery code in place of the second factor: takes the factor away, so that a new one can be set up, voids
-- the other codes and ends the account's other sessions. Null on success; a wrong code is answered with invalid_input
-- (code) as private.refused does, so that guesses are counted.
-- They are counted for the account from where the caller is (private.attempt_limits; `device`: the secret of the site's
-- cookie), so that who knows the password alone does not keep its owner from theirs.
create function public.use_recovery_code(code text, device text default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.attempt_of_mine('recovery_code', device);
  begin
    perform private.use_recovery_code(code);
    return null;
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.use_recovery_code(text) to authenticated;
grant execute on function public.use_recovery_code(text, text) to authenticated;
