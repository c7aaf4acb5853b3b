-- Accounts: a person's profile, membership of providers, and the roles of platform staff.

-- One row for each person in auth.users; what the rest of the product may know of them.
create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  full_name text not null constraint profiles_full_name_length check (char_length(full_name) between 1 and 120)
    constraint profiles_full_name_is_one check (private.name_ok(full_name)),
  -- E.164, the form that SMS and calls need
  phone text constraint profiles_phone_form check (phone = private.phone(phone)),
  language public.language not null default 'fr',
  -- `<account>/<uuid>.webp` in the bucket `avatars`
  avatar_path text constraint profiles_avatar_path_form check (
    avatar_path ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.webp$'
  ),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.profiles enable row level security;

grant select on public.profiles to authenticated;
grant update (full_name, phone, language, avatar_path) on public.profiles to authenticated;

create trigger touch before update on public.profiles
  for each row execute function private.touch();
create trigger keep_phone before insert or update of phone on public.profiles
  for each row execute function private.keep_phone();

-- Refuses an account whose address no mail can be sent to, or that a mail server takes for several. Auth answers 500
-- then; the site says what is wrong before.
create function private.check_account_email()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.email <> '' and private.email(new.email) is null then
    perform private.fail(422, 'invalid_input', 'email');
  end if;
  return new;
end;
$$;
create trigger check_account_email before insert or update of email on auth.users
  for each row execute function private.check_account_email();

-- A name that came from elsewhere, of at most 120 signs; null where it is none.
create function private.as_name(typed text)
returns text
language sql
immutable
set search_path = ''
as $$
  select name from (select nullif(left(trim(typed), 120), '')) as cut (name) where private.name_ok(name);
$$;

-- What an account is called whose owner has not said their name: the address before the @.
create function private.name_from(email text)
returns text
language sql
immutable
set search_path = ''
as $$
  select coalesce(private.as_name(translate(split_part(email, '@', 1), '._', '  ')), '—');
$$;

-- Gives a new account its profile. Sign-up sends full_name and language as metadata; both may be missing or odd.
create function private.create_profile()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (id, full_name, language)
  values (
    new.id,
    coalesce(
      private.as_name(new.raw_user_meta_data ->> 'full_name'),
      private.name_from(new.email)
    ),
    coalesce(private.one_of(new.raw_user_meta_data ->> 'language', null::public.language), 'fr')
  );
  return new;
end;
$$;

create trigger create_profile after insert on auth.users
  for each row execute function private.create_profile();

-- What each platform role may do. Read by private.may alone.
create table public.role_permissions (
  role public.platform_role not null,
  permission text not null,
  primary key (role, permission)
);
alter table public.role_permissions enable row level security;
grant select on public.role_permissions to authenticated;

insert into public.role_permissions (role, permission)
select role, permission
from (
  values
    (
      'moderator'::public.platform_role,
      array['providers.read', 'providers.verify', 'providers.suspend', 'bookings.read']
    ),
    (
      'admin',
      array[
        'providers.read', 'providers.verify', 'providers.suspend', 'bookings.read', 'accounts.read', 'accounts.suspend',
        'payments.read', 'health.read', 'audit.read', 'roles.moderator'
      ]
    ),
    (
      'super_admin',
      array[
        'providers.read', 'providers.verify', 'providers.suspend', 'bookings.read', 'accounts.read', 'accounts.suspend',
        'payments.read', 'health.read', 'audit.read', 'roles.moderator', 'roles.admin', 'roles.super_admin'
      ]
    )
) as list (role, permissions), unnest(permissions) as permission;

-- Platform staff. An account without a row here is a client. Written by private.grant_role and revoke_role alone.
create table public.user_roles (
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.platform_role not null,
  granted_at timestamptz not null default now(),
  primary key (user_id, role)
);
alter table public.user_roles enable row level security;
grant select on public.user_roles to authenticated;

-- True when the account's platform role carries the permission.
create function private.role_allows(account uuid, wanted text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from public.user_roles r
    join public.role_permissions p on p.role = r.role
    where r.user_id = account and p.permission = wanted
  );
$$;

-- True when the caller's platform role carries the permission and the caller has given the second factor in this
-- session. Read from the table, not from the token, so that taking a role away works at once.
create function private.may(wanted text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.second_factor_given() and private.role_allows((select private.me()), wanted);
$$;
grant execute on function private.may(text) to anon, authenticated, service_role;

-- The same for functions: raises step_up_required (403) where only the second factor is missing, else not_allowed
-- (403).
create function private.require_permission(wanted text)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if not private.role_allows(private.me(), wanted) then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.require_step_up();
end;
$$;

-- Who works for a provider, and as what. Its provider column gets its reference in the next chapter.
create table public.provider_members (
  provider_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.member_role not null,
  created_at timestamptz not null default now(),
  primary key (provider_id, user_id)
);
create index provider_members_user_id on public.provider_members (user_id);
alter table public.provider_members enable row level security;
grant select on public.provider_members to authenticated;

-- Keeps an account until the transaction ends, for a row that is to refer to it: gives it, or null where it is gone or,
-- by what this waited for, just went. Whoever is told, named in the log, or given something by somebody else may be
-- deleting the account in this moment, and nothing fails for that.
create function private.keep_account(account uuid)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  kept uuid;
begin
  select u.id into kept from auth.users u where u.id = account for key share;
  return kept;
end;
$$;

-- True while the platform has not suspended the account. Asked wherever something goes on in the name of an account
-- that has no session there: secrets that it gave out, mails that it would get.
create function private.account_in_good_standing(account uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select from auth.users u where u.id = account and coalesce(u.banned_until <= now(), true));
$$;

-- True while the platform has not suspended the provider. The one predicate by which suspension closes doors: the
-- helpers below ask it, and with them every policy and function that opens something to a team.
create function private.in_good_standing(provider uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return exists (select from public.providers p where p.id = provider and p.status <> 'suspended');
end;
$$;

-- The providers the caller works for. Policies use it as `provider_id in (select private.my_providers())`, which
-- runs once for a statement however many rows there are. A suspended one is nobody's to work for.
create function private.my_providers()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.provider_id
  from public.provider_members m
  where m.user_id = (select private.me()) and private.in_good_standing(m.provider_id);
$$;
grant execute on function private.my_providers() to anon, authenticated, service_role;

-- The same with those that are suspended: for reading alone, and only what a team needs to see how it stands and what
-- it has promised, never how to reach a customer. Each use is a decision.
create function private.my_providers_even_suspended()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select provider_id from public.provider_members where user_id = (select private.me());
$$;
grant execute on function private.my_providers_even_suspended() to anon, authenticated, service_role;

-- The providers whose settings the caller may change: as owner or manager, of none that is suspended.
create function private.managed_providers()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.provider_id
  from public.provider_members m
  where m.user_id = (select private.me()) and m.role in ('owner', 'manager')
    and private.in_good_standing(m.provider_id);
$$;
grant execute on function private.managed_providers() to anon, authenticated, service_role;

-- True when the caller works for the provider, and it is not suspended.
create function private.is_member(provider uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.provider_members m where m.provider_id = provider and m.user_id = (select private.me())
  ) and private.in_good_standing(provider);
$$;
grant execute on function private.is_member(uuid) to anon, authenticated, service_role;

-- Platform staff look accounts up by functions, which write down whose (see the chapter on platform roles).
create policy "people read their own profile"
  on public.profiles for select to authenticated using (id = (select private.me()));

create policy "people change their own profile"
  on public.profiles for update to authenticated
  using (id = (select private.me()))
  with check (id = (select private.me()));

create policy "platform staff read what roles may do"
  on public.role_permissions for select to authenticated
  using (exists (select from public.user_roles r where r.user_id = (select private.me())));

create policy "people read their own platform role, admins all"
  on public.user_roles for select to authenticated
  using (user_id = (select private.me()) or (select private.may('accounts.read')));

create policy "members read their team"
  on public.provider_members for select to authenticated
  using (provider_id in (select private.my_providers_even_suspended()));
