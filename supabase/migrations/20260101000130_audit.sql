-- Audit: who changed what, on every table where it matters. Written by triggers, read by platform staff with the right,
-- changed by nobody: no role of the API holds a right to it but reading.

create table public.audit_log (
  id uuid primary key default private.new_id(),
  at timestamptz not null default clock_timestamp(),
  -- null for machines, and where the account has been deleted since
  actor_id uuid,
  -- the platform role, else the part in the provider concerned, else client, visitor or system
  actor_role text not null,
  -- insert, update, delete, or the name of what was done
  action text not null,
  table_name text not null,
  row_id text not null,
  -- the provider concerned, where there is one
  provider_id uuid,
  -- what changed: of an update the changed columns alone, secrets left out
  old_values jsonb,
  new_values jsonb,
  address text
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
    (select m.role from public.provider_members m where m.provider_id = provider and m.user_id = me),
    (
      select r.role
      from public.user_roles r
      where r.user_id = me
      order by array_position(array['super_admin', 'admin', 'moderator'], r.role)
      limit 1
    ),
    'client'
  );
end;
$$;

-- Writes one entry of the log for what the caller has done.
create function private.record(
  actor uuid, action text, table_name text, row_id text, provider uuid default null, old_values jsonb default null,
  new_values jsonb default null
)
returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.audit_log (actor_id, actor_role, action, table_name, row_id, provider_id, old_values, new_values, address)
  values (
    actor, private.acting_as(provider), action, table_name, row_id, provider, old_values, new_values,
    nullif(private.address(), 'unknown')
  );
$$;

-- Writes the log from a table. Arguments: the column or columns (a,b) that name the row, then the columns left out,
-- secrets and what triggers keep. The provider concerned is the column provider_id, or the row itself of providers.
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
  hidden text[] := tg_argv[1:];
  old_values jsonb;
  new_values jsonb;
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, after -> o.key)
    into old_values, new_values
    from jsonb_each(before) as o
    where o.value is distinct from after -> o.key and o.key <> 'updated_at' and o.key <> all (hidden);
    if old_values is null then
      return null;
    end if;
  else
    old_values := before - hidden;
    new_values := after - hidden;
  end if;
  perform private.record(
    private.me(),
    lower(tg_op),
    tg_table_schema || '.' || tg_table_name,
    (select string_agg(one ->> name, '/' order by n) from unnest(string_to_array(tg_argv[0], ',')) with ordinality as k (name, n)),
    coalesce(one ->> 'provider_id', case tg_table_name when 'providers' then one ->> 'id' end)::uuid,
    old_values,
    new_values
  );
  return null;
end;
$$;

create trigger audit after insert or update or delete on public.user_roles
  for each row execute function private.audit('user_id,role');
create trigger audit after insert or update or delete on public.role_permissions
  for each row execute function private.audit('role,permission');
create trigger audit after insert or update or delete on public.provider_members
  for each row execute function private.audit('provider_id,user_id');
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
