-- Audit: who changed what, on every table where it matters. Written by triggers, read by platform staff with the right,
-- changed by nobody, whatever their role. People stand in it as pseudonyms; what is personal is kept apart, by the key
-- of whose it is, and goes with them.

-- What an account is called in the log. A random number, so that it tells nothing once the account is deleted: then it
-- stays, and whose it was is gone.
create table private.pseudonyms (
  id uuid primary key default gen_random_uuid(),
  account_id uuid unique references auth.users (id) on delete set null
);
alter table private.pseudonyms enable row level security;
create trigger given_once before update on private.pseudonyms
  for each row when (new.id <> old.id or (new.account_id <> old.account_id or old.account_id is null))
  execute function private.refuse_change();
create trigger append_only before delete on private.pseudonyms
  for each row execute function private.refuse_change();
create trigger never_emptied before truncate on private.pseudonyms
  for each statement execute function private.refuse_change();
alter table private.pseudonyms enable always trigger given_once;
alter table private.pseudonyms enable always trigger append_only;
alter table private.pseudonyms enable always trigger never_emptied;

-- The pseudonym of an account, made when it is first needed; of one that is gone already a new one that is nobody's.
create function private.pseudonym(account uuid)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  answer uuid;
begin
  if account is null then
    return null;
  end if;
  select p.id into answer from private.pseudonyms p where p.account_id = account;
  if answer is null then
    insert into private.pseudonyms as p (account_id)
    values (private.keep_account(account))
    on conflict (account_id) do update set account_id = excluded.account_id
    returning p.id into answer;
  end if;
  return answer;
end;
$$;

create table public.audit_log (
  id uuid primary key default private.new_id(),
  at timestamptz not null default clock_timestamp(),
  -- a pseudonym; null for machines and visitors
  actor_id uuid references private.pseudonyms (id),
  -- the platform role, else the part in the provider concerned, else client, visitor or system
  actor_role text not null,
  -- insert, update, delete, or the name of what was done
  action text not null,
  table_name text not null,
  -- its key; accounts in it are pseudonyms too
  row_id text not null,
  -- the provider concerned, where there is one
  provider_id uuid,
  -- what changed: of an update the changed columns alone; nothing secret, nothing personal
  old_values jsonb,
  new_values jsonb
);
create index audit_log_at on public.audit_log (at desc, id desc);
create index audit_log_row on public.audit_log (table_name, row_id);
create index audit_log_actor_id on public.audit_log (actor_id, at desc);
create index audit_log_provider_id on public.audit_log (provider_id, at desc);
alter table public.audit_log enable row level security;
revoke all on public.audit_log from service_role;
grant select on public.audit_log to authenticated, service_role;
create policy "admins read the audit log"
  on public.audit_log for select to authenticated using ((select private.may('audit.read')));
create trigger append_only before update or delete on public.audit_log
  for each row execute function private.refuse_change();
create trigger never_emptied before truncate on public.audit_log
  for each statement execute function private.refuse_change();
alter table public.audit_log enable always trigger append_only;
alter table public.audit_log enable always trigger never_emptied;

-- The personal part of entries: names, addresses, free text, and from where the actor called. Each row is an account's
-- or a provider's, and is erased with it; until then it is as fixed as the log.
create table public.audit_personal (
  id uuid primary key default private.new_id(),
  entry_id uuid not null references public.audit_log (id),
  account_id uuid references auth.users (id) on delete cascade,
  -- its reference comes with the chapter of providers
  provider_id uuid,
  -- from where the account called
  address text,
  old_values jsonb,
  new_values jsonb,
  constraint audit_personal_one_owner check (num_nonnulls(account_id, provider_id) = 1)
);
create index audit_personal_entry_id on public.audit_personal (entry_id);
create index audit_personal_account_id on public.audit_personal (account_id);
create index audit_personal_provider_id on public.audit_personal (provider_id);
alter table public.audit_personal enable row level security;
revoke all on public.audit_personal from service_role;
-- no policy: it is read by audit_details alone, which the log keeps
grant select on public.audit_personal to service_role;

-- Lets rows go only within what erases their owner, which is a trigger itself.
create function private.refuse_lone_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op <> 'DELETE' or pg_trigger_depth() < 2 then
    raise exception '% is append-only', tg_table_name using errcode = '42501';
  end if;
  return old;
end;
$$;
create trigger clean_text before insert on public.audit_personal
  for each row execute function private.clean_text('old_values', 'new_values');
create trigger append_only before update or delete on public.audit_personal
  for each row execute function private.refuse_lone_change();
create trigger never_emptied before truncate on public.audit_personal
  for each statement execute function private.refuse_change();
alter table public.audit_personal enable always trigger append_only;
alter table public.audit_personal enable always trigger never_emptied;

-- As what the caller acts, for the log.
create function private.acting_as(provider uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
begin
  if me is null then
    return case when auth.role() = 'anon' then 'visitor' else 'system' end;
  end if;
  return coalesce(
    (select m.role::text from public.provider_members m where m.provider_id = provider and m.user_id = me),
    (
      select r.role::text
      from public.user_roles r
      where r.user_id = me
      order by r.role desc
      limit 1
    ),
    'client'
  );
end;
$$;

-- Writes one entry of the log for what the caller has done. `actor` is an account; of the tables of Auth the row is one
-- too, and both are written as pseudonyms. old_values and new_values hold nothing personal: that is personal_old and
-- personal_new, kept for the account `person` where there is one, else for the provider; of nobody's nothing is kept.
create function private.record(
  actor uuid, action text, table_name text, row_id text, provider uuid default null, old_values jsonb default null,
  new_values jsonb default null, person uuid default null, personal_old jsonb default null,
  personal_new jsonb default null
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  entry uuid := private.new_id();
  owner uuid := private.keep_account(person);
begin
  insert into public.audit_log (
    id, actor_id, actor_role, action, table_name, row_id, provider_id, old_values, new_values
  )
  values (
    entry, private.pseudonym(actor), private.acting_as(provider), record.action, record.table_name,
    case when record.table_name like 'auth.%' then private.pseudonym(record.row_id::uuid)::text else record.row_id end,
    provider, record.old_values, record.new_values
  );
  if private.address() <> 'unknown' then
    insert into public.audit_personal (entry_id, account_id, address)
    select entry, whose.account, private.address()
    from (select private.keep_account(actor)) as whose (account)
    where whose.account is not null;
  end if;
  if personal_old is null and personal_new is null then
    return;
  end if;
  insert into public.audit_personal (entry_id, account_id, provider_id, old_values, new_values)
  select entry, owner, whose.provider, personal_old, personal_new
  from (
    select case when owner is null then (select p.id from public.providers p where p.id = record.provider) end
  ) as whose (provider)
  where num_nonnulls(owner, whose.provider) = 1;
end;
$$;

-- Some columns of a row as JSON; null where it has none of them. Those of them that name accounts hold pseudonyms.
create function private.audited_values(of_row jsonb, columns text[], accounts text[])
returns jsonb
language sql
volatile
security definer
set search_path = ''
as $$
  select jsonb_object_agg(
    o.key,
    case
      when o.key = any (accounts) and o.value <> 'null' then to_jsonb(private.pseudonym((o.value #>> '{}')::uuid))
      else o.value
    end
  )
  from jsonb_each(of_row) as o
  where o.key = any (columns);
$$;

-- Writes the log from a table. Its first argument is the column or columns (a,b) that name the row. Each other one is
-- the name of a column that is left out (secrets, and what triggers keep), or one of
--   'personal: a,b'  columns that hold names, addresses or free text,
--   'person: a'      the column that names the account whose those are; else they are the provider's,
--   'accounts: a,b'  all columns that name accounts.
-- The provider concerned is the column provider_id, or the row itself of providers.
create function private.audit()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  one jsonb := coalesce(after, before);
  said text;
  hidden text[] := '{updated_at}';
  personal text[] := '{}';
  accounts text[] := '{}';
  person text;
  changed text[];
  plain text[];
begin
  foreach said in array tg_argv[1:] loop
    case split_part(said, ':', 1)
      when 'personal' then personal := string_to_array(split_part(said, ': ', 2), ',');
      when 'accounts' then accounts := string_to_array(split_part(said, ': ', 2), ',');
      when 'person' then person := split_part(said, ': ', 2);
      else hidden := hidden || said;
    end case;
  end loop;
  select array_agg(k) into changed
  from jsonb_object_keys(one) as k
  where k <> all (hidden) and (tg_op <> 'UPDATE' or before -> k is distinct from after -> k);
  if changed is null then
    return null;
  end if;
  plain := array(select k from unnest(changed) as k where k <> all (personal));
  personal := array(select k from unnest(changed) as k where k = any (personal));
  perform private.record(
    private.me(),
    lower(tg_op),
    tg_table_schema || '.' || tg_table_name,
    (
      select string_agg(private.audited_values(one, array[name], accounts) ->> name, '/' order by n)
      from unnest(string_to_array(tg_argv[0], ',')) with ordinality as k (name, n)
    ),
    coalesce(one ->> 'provider_id', case tg_table_name when 'providers' then one ->> 'id' end)::uuid,
    private.audited_values(before, plain, accounts),
    private.audited_values(after, plain, accounts),
    coalesce(after ->> person, before ->> person)::uuid,
    private.audited_values(before, personal, accounts),
    private.audited_values(after, personal, accounts)
  );
  return null;
end;
$$;

create trigger audit after insert or update or delete on public.user_roles
  for each row execute function private.audit('user_id,role', 'accounts: user_id');
create trigger audit after insert or update or delete on public.role_permissions
  for each row execute function private.audit('role,permission');
create trigger audit after insert or update or delete on public.provider_members
  for each row execute function private.audit('provider_id,user_id', 'accounts: user_id');
create trigger audit after insert or update or delete on private.settings
  for each row execute function private.audit('name', 'value');
create trigger audit after insert or update or delete on private.rate_limits
  for each row execute function private.audit('name');

-- Of an account itself: that its address, password or suspension changed, not to what.
create function private.audit_account()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.record(coalesce(private.me(), new.id), what.action, 'auth.users', new.id::text)
  from (
    values
      ('email_changed', old.email is distinct from new.email),
      ('password_changed', old.encrypted_password is distinct from new.encrypted_password)
  ) as what (action, done)
  where what.done;
  return null;
end;
$$;
create trigger audit after update of email, encrypted_password on auth.users
  for each row execute function private.audit_account();

create function private.people_in_audit(pseudonyms uuid[], accounts uuid[])
returns table (pseudonym uuid, account_id uuid, full_name text)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform private.require_permission('audit.read');
  return query
    select p.id, p.account_id, r.full_name
    from private.pseudonyms p
    join public.profiles r on r.id = p.account_id
    where p.id = any (pseudonyms[:200]) or p.account_id = any (accounts[:200]);
end;
$$;

-- Who the people of the log are, by their pseudonyms or by their accounts, at most 200 of each; those who are deleted
-- or stand nowhere in it have no row. Raises not_allowed, step_up_required.
create function public.people_in_audit(pseudonyms uuid[] default '{}', accounts uuid[] default '{}')
returns table (pseudonym uuid, account_id uuid, full_name text)
language sql
stable
set search_path = ''
as $$
  select * from private.people_in_audit(pseudonyms, accounts);
$$;
grant execute on function private.people_in_audit(uuid[], uuid[]) to authenticated;
grant execute on function public.people_in_audit(uuid[], uuid[]) to authenticated;

create function private.audit_details(entries uuid[])
returns table (entry_id uuid, address text, old_values jsonb, new_values jsonb)
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_permission('audit.read');
  perform private.require_reading('audit');
  entries := array(
    select distinct v.entry_id from public.audit_personal v where v.entry_id = any (audit_details.entries[:200])
  );
  if cardinality(entries) > 0 then
    perform private.record(
      private.me(), 'read', 'public.audit_personal', entries[1]::text,
      new_values => jsonb_build_object('entries', to_jsonb(entries))
    );
  end if;
  return query
    select v.entry_id, v.address, v.old_values, v.new_values
    from public.audit_personal v
    where v.entry_id = any (audit_details.entries);
end;
$$;

-- The personal part of some entries of the log, at most 200: from where their actors called, names, addresses, free
-- text; of one entry there may be several rows. That it was read stands in the log itself, and of which entries;
-- note_reading (audit) comes before. Raises not_allowed, step_up_required.
create function public.audit_details(entries uuid[])
returns table (entry_id uuid, address text, old_values jsonb, new_values jsonb)
language sql
volatile
set search_path = ''
as $$
  select * from private.audit_details(entries);
$$;
grant execute on function private.audit_details(uuid[]) to authenticated;
grant execute on function public.audit_details(uuid[]) to authenticated;
