-- What platform staff do with accounts: roles, suspension, finding them. Every one of these asks for the second factor,
-- and what is read of people is written down as what is done to them is.

-- Notes whom of the accounts the caller was shown.
create function private.record_reading(shown uuid[], table_name text, row_id text, provider uuid default null)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  one uuid;
begin
  -- those who have no pseudonym yet get theirs in one order, so that no two who read at once wait for each other
  foreach one in array array(select distinct x from unnest(shown || private.me()) as x order by x) loop
    perform private.pseudonym(one);
  end loop;
  perform private.record(
    private.me(), 'read', table_name, row_id, provider,
    new_values => jsonb_build_object(
      'accounts', (select coalesce(jsonb_agg(private.pseudonym(x)), '[]') from unnest(shown) as x)
    )
  );
end;
$$;

-- Lets nobody decide about a business that they work for or once did. Raises not_allowed (own_business).
create function private.require_disinterest(provider uuid)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if exists (
    select from public.provider_members m where m.provider_id = provider and m.user_id = private.me()
  )
  -- nor where they did: who leaves for a moment is no stranger. The log never forgets a member.
  or exists (
    select
    from public.audit_log a
    join private.pseudonyms p on p.account_id = private.me()
    where a.table_name = 'public.provider_members' and a.row_id = provider || '/' || p.id
  ) then
    perform private.fail(403, 'not_allowed', 'own_business');
  end if;
end;
$$;

-- The platform is never without a super admin, whoever removes the last one and however.
create function private.keep_a_super_admin()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- two who go at once wait for each other
  perform pg_advisory_xact_lock(hashtextextended('super_admin', 0));
  if not exists (select from public.user_roles r where r.role = 'super_admin') then
    perform private.fail(403, 'not_allowed', 'last_super_admin');
  end if;
  return null;
end;
$$;
create trigger keep_a_super_admin after delete or update on public.user_roles
  for each row when (old.role = 'super_admin') execute function private.keep_a_super_admin();

-- Gives a platform role or takes it away. Raises invalid_input (role), not_allowed (also for one's own account),
-- step_up_required, not_found.
create function private.change_role(account uuid, changed public.platform_role, granting boolean)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if changed is null then
    perform private.fail(422, 'invalid_input', 'role');
  end if;
  perform private.require_permission('roles.' || changed);
  if account = private.me() then
    perform private.fail(403, 'not_allowed', 'own_role');
  end if;
  if private.keep_account(account) is null then
    perform private.fail(404, 'not_found');
  end if;
  if granting then
    insert into public.user_roles (user_id, role) values (account, changed) on conflict do nothing;
  else
    delete from public.user_roles r where r.user_id = account and r.role = changed;
  end if;
end;
$$;

-- Makes an account moderator, admin or super_admin. Raises not_allowed (also for one's own account), step_up_required,
-- invalid_input (role), not_found.
create function public.grant_role(user_id uuid, role text)
returns void
language sql
set search_path = ''
as $$
  select private.change_role(user_id, private.one_of(role, null::public.platform_role), true);
$$;

-- Takes a role away, at once. Raises what grant_role raises, and not_allowed (last_super_admin) for the last one.
create function public.revoke_role(user_id uuid, role text)
returns void
language sql
set search_path = ''
as $$
  select private.change_role(user_id, private.one_of(role, null::public.platform_role), false);
$$;
grant execute on function private.change_role(uuid, public.platform_role, boolean) to authenticated;
grant execute on function public.grant_role(uuid, text) to authenticated;
grant execute on function public.revoke_role(uuid, text) to authenticated;

-- Makes the first super admin, whom nobody could appoint: for who deploys the platform, in the SQL editor, once the
-- account is there. Only while there is no super admin, and only for an account whose address is proven and that is not
-- suspended; it is in the audit log as every role. Nobody of the API may call it. Raises not_allowed (super_admin),
-- not_found (email).
create function private.make_first_admin(email text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  account uuid;
begin
  -- two who try at once wait for each other
  perform pg_advisory_xact_lock(hashtextextended('super_admin', 0));
  if exists (select from public.user_roles r where r.role = 'super_admin') then
    perform private.fail(403, 'not_allowed', 'super_admin');
  end if;
  select u.id into account
  from auth.users u
  where private.email(u.email) = private.email(make_first_admin.email) and u.email_confirmed_at is not null
    and coalesce(u.banned_until <= now(), true);
  if account is null then
    perform private.fail(404, 'not_found', 'email');
  end if;
  insert into public.user_roles (user_id, role) values (account, 'super_admin') on conflict do nothing;
end;
$$;

create function private.suspend_account(account uuid, suspended boolean, reason text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.require_permission('accounts.suspend');
  if account = private.me() then
    perform private.fail(403, 'not_allowed', 'own_account');
  end if;
  -- who may make an admin may suspend one
  if exists (
    select
    from public.user_roles r
    where r.user_id = account and not private.role_allows(private.me(), 'roles.' || r.role)
  ) then
    perform private.fail(403, 'not_allowed');
  end if;
  if suspended and coalesce(trim(reason), '') = '' then
    perform private.fail(422, 'invalid_input', 'reason');
  end if;
  update auth.users u set banned_until = case when suspended then now() + interval '100 years' end where u.id = account;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  if suspended then
    perform private.end_sessions(account);
  end if;
  perform private.record(
    private.me(), case when suspended then 'suspended' else 'restored' end, 'auth.users', account::text,
    person => account, personal_new => jsonb_build_object('reason', left(reason, 500))
  );
end;
$$;

-- Closes an account until it is restored: its sessions end at once and no new one opens; its bookings stay. Raises
-- not_allowed (also for one's own account), step_up_required, invalid_input (reason), not_found.
create function public.suspend_account(user_id uuid, reason text)
returns void
language sql
set search_path = ''
as $$
  select private.suspend_account(user_id, true, reason);
$$;

-- Opens a suspended account again. Raises what suspend_account raises.
create function public.restore_account(user_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.suspend_account(user_id, false, null);
$$;
grant execute on function private.suspend_account(uuid, boolean, text) to authenticated;
grant execute on function public.suspend_account(uuid, text) to authenticated;
grant execute on function public.restore_account(uuid) to authenticated;

-- That staff read of people, said before they do. What a call reads and what it writes about that stand or fall
-- together: one that is made to fail once its answer is known (by a cast of a column, say) would leave nothing in the
-- log. So the log has it from a call before, which answers nothing.
create table private.readings (
  account_id uuid not null references auth.users (id) on delete cascade,
  subject text not null,
  noted_at timestamptz not null default now(),
  primary key (account_id, subject)
);
alter table private.readings enable row level security;

create function private.note_reading(subject text)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  of_what text := case note_reading.subject
    when 'accounts' then 'public.profiles'
    when 'owners' then 'public.provider_members'
    when 'audit' then 'public.audit_personal'
  end;
begin
  if of_what is null then
    perform private.fail(422, 'invalid_input', 'subject');
  end if;
  perform private.require_permission(
    case note_reading.subject
      when 'accounts' then 'accounts.read' when 'owners' then 'providers.verify' else 'audit.read'
    end
  );
  insert into private.readings as r (account_id, subject)
  values (private.me(), note_reading.subject)
  on conflict (account_id, subject) do update set noted_at = now() where r.noted_at < now() - interval '10 minutes';
  if found then
    perform private.record(private.me(), 'read', of_what, '*');
  end if;
end;
$$;

-- Says that the caller is about to read of people: `accounts` (find_accounts), `owners` (provider_owners) or `audit`
-- (audit_details), which answer for a quarter of an hour from then on. The log has it, once in ten minutes. Raises
-- not_allowed, step_up_required, invalid_input (subject).
create function public.note_reading(subject text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.note_reading(subject);
$$;
grant execute on function private.note_reading(text) to authenticated;
grant execute on function public.note_reading(text) to authenticated;

-- Raises not_allowed (note_reading) unless the caller has said so before, in a call of its own.
create function private.require_reading(subject text)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if not exists (
    select
    from private.readings r
    where r.account_id = private.me() and r.subject = require_reading.subject
      and r.noted_at > now() - interval '15 minutes'
  ) then
    perform private.fail(403, 'not_allowed', 'note_reading');
  end if;
end;
$$;

create function private.find_accounts(q text, after timestamptz, after_id uuid, page_size int)
returns table (
  id uuid, full_name text, email text, language public.language, roles public.platform_role[],
  created_at timestamptz, last_sign_in_at timestamptz,
  suspended boolean
)
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  shown uuid[];
begin
  perform private.require_permission('accounts.read');
  perform private.require_reading('accounts');
  select array_agg(x.id order by x.created_at desc, x.id desc) into shown
  from (
    select u.id, u.created_at
    from auth.users u
    join public.profiles p on p.id = u.id
    where (
        q is null or q = ''
        or strpos(private.fold(p.full_name), private.fold(q)) > 0
        or strpos(lower(u.email), lower(q)) > 0
        or u.id::text = q
      )
      -- several may be of the same moment; then their ids decide
      and (after is null or u.created_at < after or (u.created_at = after and u.id < after_id))
    order by u.created_at desc, u.id desc
    limit least(greatest(coalesce(page_size, 50), 1), 100)
  ) as x;
  perform private.record_reading(shown, 'public.profiles', '');
  return query
    select
      u.id, p.full_name, u.email::text, p.language,
      coalesce((select array_agg(r.role order by r.role) from public.user_roles r where r.user_id = u.id), '{}'),
      u.created_at, u.last_sign_in_at, coalesce(u.banned_until > now(), false)
    from auth.users u
    join public.profiles p on p.id = u.id
    where u.id = any (shown)
    order by u.created_at desc, u.id desc;
end;
$$;

-- Accounts by name, address or id, the newest first; `after` and `after_id` are created_at and id of the last row
-- before. The log says who was shown, and note_reading (accounts) comes before. Raises not_allowed, step_up_required.
create function public.find_accounts(
  q text default null, after timestamptz default null, after_id uuid default null, page_size int default 50
)
returns table (
  id uuid, full_name text, email text, language public.language, roles public.platform_role[],
  created_at timestamptz, last_sign_in_at timestamptz,
  suspended boolean
)
language sql
volatile
set search_path = ''
as $$
  select * from private.find_accounts(q, after, after_id, page_size);
$$;
grant execute on function private.find_accounts(text, timestamptz, uuid, int) to authenticated;
grant execute on function public.find_accounts(text, timestamptz, uuid, int) to authenticated;

create function private.count_accounts()
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform private.require_permission('accounts.read');
  return (select count(*) from public.profiles);
end;
$$;

-- How many accounts there are. Raises not_allowed, step_up_required.
create function public.count_accounts()
returns bigint
language sql
stable
set search_path = ''
as $$
  select private.count_accounts();
$$;
grant execute on function private.count_accounts() to authenticated;
grant execute on function public.count_accounts() to authenticated;

create function private.provider_owners(provider uuid)
returns table (user_id uuid, full_name text, email text)
language plpgsql
volatile
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.require_permission('providers.verify');
  perform private.require_reading('owners');
  perform private.record_reading(
    array(
      select m.user_id
      from public.provider_members m
      where m.provider_id = provider and m.role = 'owner'
      order by m.created_at
    ),
    'public.provider_members', provider::text, provider
  );
  return query
    select m.user_id, p.full_name, u.email::text
    from public.provider_members m
    join public.profiles p on p.id = m.user_id
    join auth.users u on u.id = m.user_id
    where m.provider_id = provider and m.role = 'owner'
    order by m.created_at;
end;
$$;

-- The owners of a provider, for those who verify: whose name the documents must bear. The log says who was shown, and
-- note_reading (owners) comes before. Raises not_allowed, step_up_required.
create function public.provider_owners(provider_id uuid)
returns table (user_id uuid, full_name text, email text)
language sql
volatile
set search_path = ''
as $$
  select * from private.provider_owners(provider_id);
$$;
grant execute on function private.provider_owners(uuid) to authenticated;
grant execute on function public.provider_owners(uuid) to authenticated;
