-- Becoming a provider: a guided start, the documents that prove who one is, and the decision on them.

insert into private.rate_limits (name, max_calls, per) values ('start_provider', 5, '1 day');

-- A slug for a name: folded, its words joined with dashes, and a short ending where it is taken or nothing is left of it.
-- Two who ask for the same one at once wait for each other.
create function private.new_slug(name text)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  base text := left(trim(both '-' from regexp_replace(private.fold(name), '[^a-z0-9]+', '-', 'g')), 60);
begin
  base := trim(both '-' from base);
  if base <> '' then
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('slug ' || base, 0));
    if not exists (select from public.providers p where p.slug = base) then
      return base;
    end if;
  end if;
  return concat_ws('-', nullif(base, ''), encode(extensions.gen_random_bytes(4), 'hex'));
end;
$$;

create function private.start_provider(business jsonb, service jsonb, hours jsonb)
returns table (provider_id uuid, slug text)
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  me uuid := private.me();
  made uuid := private.new_id();
  made_slug text;
  made_service uuid;
  made_resource uuid;
  city public.cities;
  problem text;
begin
  if me is null then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.count_call('start_provider');
  select * into city from public.cities c where c.slug = business ->> 'city_slug';
  problem := case
    when jsonb_typeof(business) is distinct from 'object' then 'business'
    when coalesce(char_length(trim(business ->> 'name')) between 2 and 120, false) is false
      or not private.name_ok(business ->> 'name') then 'name'
    when not exists (select from public.categories k where k.slug = business ->> 'category_slug') then 'category_slug'
    when city.slug is null then 'city_slug'
    when coalesce(char_length(trim(business ->> 'district')) between 1 and 120, false) is false then 'district'
    when coalesce(char_length(trim(business ->> 'address')) between 1 and 300, false) is false then 'address'
    when private.phone(business ->> 'phone') is null and trim(business ->> 'phone') <> '' then 'phone'
    when jsonb_typeof(service) is distinct from 'object' then 'service'
    when coalesce(char_length(trim(service ->> 'name')) between 2 and 120, false) is false
      or not private.name_ok(service ->> 'name') then 'service_name'
    when coalesce(service ->> 'duration_minutes', '') !~ '^[0-9]{1,4}$'
      or (service ->> 'duration_minutes')::int not between 5 and 1440 then 'duration_minutes'
    when coalesce(service ->> 'price_minor', '') !~ '^[0-9]{1,9}$'
      or (service ->> 'price_minor')::bigint > 100000000 then 'price_minor'
    when coalesce(service ->> 'place', '') not in ('customer', 'provider') then 'place'
    when jsonb_typeof(hours) is distinct from 'array' or jsonb_array_length(hours) not between 1 and 28 then 'hours'
    when exists (
      select
      from jsonb_array_elements(hours) as h
      where coalesce(h ->> 'weekday', '') !~ '^[1-7]$'
        or coalesce(h ->> 'opens', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
        or coalesce(h ->> 'closes', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
    ) then 'hours'
  end;
  if problem is not null then
    perform private.fail(422, 'invalid_input', problem);
  end if;
  made_slug := private.new_slug(business ->> 'name');
  insert into public.providers (
    id, slug, name, category_id, city_slug, district, address, latitude, longitude, phone, cancellation_policy_id
  )
  select
    made, made_slug, trim(business ->> 'name'), k.id, city.slug, trim(business ->> 'district'), trim(business ->> 'address'),
    city.latitude, city.longitude, business ->> 'phone', policy.id
  from public.categories k, public.cancellation_policies policy
  where k.slug = business ->> 'category_slug' and policy.code = 'moderate';
  insert into public.provider_members (provider_id, user_id, role) values (made, me, 'owner');
  insert into public.services (provider_id, name_fr, duration_minutes, price_minor, place)
  values (
    made, trim(service ->> 'name'), (service ->> 'duration_minutes')::int, (service ->> 'price_minor')::bigint,
    service ->> 'place'
  )
  returning id into made_service;
  insert into public.resources (provider_id, kind, name, user_id)
  select made, 'staff', p.full_name, me from public.profiles p where p.id = me
  returning id into made_resource;
  insert into public.service_resources (service_id, resource_id) values (made_service, made_resource);
  insert into public.opening_hours (provider_id, weekday, opens, closes)
  select made, (h ->> 'weekday')::int, (h ->> 'opens')::time, (h ->> 'closes')::time from jsonb_array_elements(hours) as h;
  return query select made, made_slug;
end;
$$;

-- Makes a provider with the caller as its owner and its first member of staff, as a draft that only its team sees.
-- business: {name, category_slug, city_slug, district, address, phone?} (its place on the map is the city's until moved);
-- service: {name, duration_minutes, price_minor, place: customer | provider}; hours: a list of {weekday 1–7 from Monday,
-- opens, closes as HH:MM}. Raises invalid_input (the field), not_allowed, rate_limited.
create function public.start_provider(business jsonb, service jsonb, hours jsonb)
returns table (provider_id uuid, slug text)
language sql
set search_path = ''
as $$
  select * from private.start_provider(business, service, hours);
$$;
grant execute on function private.start_provider(jsonb, jsonb, jsonb) to authenticated;
grant execute on function public.start_provider(jsonb, jsonb, jsonb) to authenticated;

create function private.publish_provider(provider uuid, published boolean)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  current_status text := (select p.status from public.providers p where p.id = provider);
begin
  if private.my_part(provider) = 'staff' or current_status = 'suspended' then
    perform private.fail(403, 'not_allowed');
  end if;
  if published and not exists (
    select
    from public.services s
    where s.provider_id = provider and s.active
      and exists (select from public.service_resources sr join public.resources r on r.id = sr.resource_id and r.active
        where sr.service_id = s.id)
  ) then
    perform private.fail(422, 'invalid_input', 'services');
  end if;
  if published and not exists (select from public.opening_hours h where h.provider_id = provider) then
    perform private.fail(422, 'invalid_input', 'hours');
  end if;
  update public.providers p
  set status = case when published then 'published' else 'draft' end
  where p.id = provider and p.status <> 'suspended';
  -- suspended in this very moment
  if not found then
    perform private.fail(403, 'not_allowed');
  end if;
end;
$$;

-- Shows a draft to everyone. Raises not_found, not_allowed (staff, or suspended by the platform), invalid_input (services,
-- hours) where there is nothing that could be booked.
create function public.publish_provider(provider_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.publish_provider(provider_id, true);
$$;

-- Takes a provider's page back from the public; its bookings stay. Raises not_found, not_allowed.
create function public.unpublish_provider(provider_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.publish_provider(provider_id, false);
$$;
grant execute on function private.publish_provider(uuid, boolean) to authenticated;
grant execute on function public.publish_provider(uuid) to authenticated;
grant execute on function public.unpublish_provider(uuid) to authenticated;

-- What a provider shows to be verified. The file lies in the bucket `documents`, as `<provider>/<uuid>.<pdf or webp>`.
create table public.provider_documents (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  kind text not null constraint provider_documents_kind_known check (kind in ('identity', 'registration', 'address', 'other')),
  path text not null unique constraint provider_documents_path_form check (
    path ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(pdf|webp)$'
  ),
  submitted_by uuid references auth.users (id) on delete set null default private.me(),
  created_at timestamptz not null default now(),
  constraint provider_documents_own_folder check (starts_with(path, provider_id || '/'))
);
create index provider_documents_provider_id on public.provider_documents (provider_id, created_at);
create index provider_documents_submitted_by on public.provider_documents (submitted_by);
alter table public.provider_documents enable row level security;
grant select, delete on public.provider_documents to authenticated;
grant insert (provider_id, kind, path) on public.provider_documents to authenticated;
create policy "owners and managers, and staff who verify, read documents"
  on public.provider_documents for select to authenticated
  using (provider_id in (select private.managed_providers()) or (select private.may('providers.verify')));
create policy "owners and managers hand documents in"
  on public.provider_documents for insert to authenticated
  with check (provider_id in (select private.managed_providers()) and submitted_by = (select private.me()));
create policy "owners and managers take documents back"
  on public.provider_documents for delete to authenticated
  using (provider_id in (select private.managed_providers()));
create trigger audit after insert or update or delete on public.provider_documents
  for each row execute function private.audit('id', 'personal: path', 'accounts: submitted_by');

-- What staff who verify have opened of others' documents: for five minutes from then on they may read that file.
create table private.opened_documents (
  account_id uuid not null references auth.users (id) on delete cascade,
  document_id uuid not null references public.provider_documents (id) on delete cascade,
  opened_at timestamptz not null default now(),
  primary key (account_id, document_id)
);
create index opened_documents_document_id on private.opened_documents (document_id);
alter table private.opened_documents enable row level security;

-- True while the caller, of the staff who verify, has a document's file open.
create function private.has_opened(file text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from public.provider_documents d
    join private.opened_documents o on o.document_id = d.id
    where d.path = file and o.account_id = (select private.me()) and o.opened_at > now() - interval '5 minutes'
  ) and private.may('providers.verify');
$$;
grant execute on function private.has_opened(text) to authenticated;

create function private.open_document(document uuid)
returns text
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  found_one public.provider_documents;
begin
  perform private.require_permission('providers.verify');
  select * into found_one from public.provider_documents d where d.id = document;
  if found_one.id is null then
    perform private.fail(404, 'not_found');
  end if;
  insert into private.opened_documents (account_id, document_id)
  values (private.me(), document)
  on conflict (account_id, document_id) do update set opened_at = excluded.opened_at;
  perform private.record(
    private.me(), 'read', 'public.provider_documents', document::text, found_one.provider_id,
    new_values => jsonb_build_object('kind', found_one.kind)
  );
  return found_one.path;
end;
$$;

-- Opens the file of a document to the caller for five minutes, as one who verifies, and notes it in the log; gives its path
-- in the bucket `documents`. Raises not_allowed, step_up_required, not_found.
create function public.open_document(document_id uuid)
returns text
language sql
volatile
set search_path = ''
as $$
  select private.open_document(document_id);
$$;
grant execute on function private.open_document(uuid) to authenticated;
grant execute on function public.open_document(uuid) to authenticated;

-- Where a request for verification stands; a provider may ask again after a refusal.
create table public.verifications (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  status text not null default 'waiting' constraint verifications_status_known check (status in ('waiting', 'accepted', 'refused')),
  note text not null default '' constraint verifications_note_length check (char_length(note) <= 1000),
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references auth.users (id) on delete set null
);
create unique index verifications_waiting on public.verifications (provider_id) where status = 'waiting';
create index verifications_provider_id on public.verifications (provider_id, created_at desc);
create index verifications_queue on public.verifications (created_at) where status = 'waiting';
create index verifications_decided_by on public.verifications (decided_by);
alter table public.verifications enable row level security;
grant select (id, provider_id, status, note, created_at, decided_at) on public.verifications to authenticated;
create policy "owners and managers, and staff who verify, read verifications"
  on public.verifications for select to authenticated
  using (provider_id in (select private.managed_providers()) or (select private.may('providers.verify')));
create trigger audit after insert or update or delete on public.verifications
  for each row execute function private.audit('id', 'personal: note', 'accounts: decided_by');

create function private.request_verification(provider uuid)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  made uuid;
begin
  if private.my_part(provider) = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  if exists (select from public.providers p where p.id = provider and p.verified_at is not null)
    or exists (select from public.verifications v where v.provider_id = provider and v.status = 'waiting')
  then
    perform private.fail(409, 'invalid_transition');
  end if;
  if not exists (select from public.provider_documents d where d.provider_id = provider) then
    perform private.fail(422, 'invalid_input', 'documents');
  end if;
  insert into public.verifications (provider_id) values (provider) returning id into made;
  return made;
end;
$$;

-- Hands the provider's documents to the platform for verification. Raises not_found, not_allowed, invalid_transition
-- (verified or waiting already), invalid_input (documents) without any.
create function public.request_verification(provider_id uuid)
returns uuid
language sql
set search_path = ''
as $$
  select private.request_verification(provider_id);
$$;
grant execute on function private.request_verification(uuid) to authenticated;
grant execute on function public.request_verification(uuid) to authenticated;

create function private.decide_verification(verification uuid, accepted boolean, note text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  provider uuid;
begin
  perform private.require_permission('providers.verify');
  if accepted is null then
    perform private.fail(422, 'invalid_input', 'accepted');
  end if;
  if char_length(note) > 1000 or (not accepted and coalesce(trim(note), '') = '') then
    perform private.fail(422, 'invalid_input', 'note');
  end if;
  perform private.require_disinterest((select v.provider_id from public.verifications v where v.id = verification));
  update public.verifications v
  set
    status = case when accepted then 'accepted' else 'refused' end,
    note = coalesce(decide_verification.note, ''), decided_at = now(), decided_by = private.me()
  where v.id = verification and v.status = 'waiting'
  returning v.provider_id into provider;
  if provider is null then
    perform private.fail(404, 'not_found');
  end if;
  if accepted then
    update public.providers p set verified_at = now() where p.id = provider;
  end if;
  perform private.tell(
    m.user_id,
    case when accepted then 'verification_accepted' else 'verification_refused' end,
    jsonb_build_object('provider', p.name, 'provider_id', p.id, 'note', coalesce(decide_verification.note, '')),
    '/dashboard/verification'
  )
  from public.provider_members m
  join public.providers p on p.id = m.provider_id
  where m.provider_id = provider and m.role = 'owner';
end;
$$;

-- Accepts or refuses (with a word why) a provider's documents; the owners are told. Raises not_allowed, step_up_required,
-- not_found, invalid_input (accepted, note).
create function public.decide_verification(verification_id uuid, accepted boolean, note text default '')
returns void
language sql
set search_path = ''
as $$
  select private.decide_verification(verification_id, accepted, note);
$$;
grant execute on function private.decide_verification(uuid, boolean, text) to authenticated;
grant execute on function public.decide_verification(uuid, boolean, text) to authenticated;

create function private.suspend_provider(provider uuid, suspended boolean, reason text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.require_permission('providers.suspend');
  perform private.require_disinterest(provider);
  if suspended and coalesce(trim(reason), '') = '' then
    perform private.fail(422, 'invalid_input', 'reason');
  end if;
  update public.providers p
  set status = case when suspended then 'suspended' else 'draft' end
  where p.id = provider and (p.status = 'suspended') <> suspended;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  if suspended then
    -- nobody pays any more for what can no longer be promised
    perform private.close_payments(b.id)
    from (
      select x.id
      from public.bookings x
      where x.provider_id = provider
        and exists (select from public.payments y where y.booking_id = x.id and y.status = 'open')
      order by x.id
      for update
    ) as b;
  end if;
  perform private.record(
    private.me(), case when suspended then 'suspended' else 'restored' end, 'public.providers', provider::text, provider,
    personal_new => jsonb_build_object('reason', left(reason, 500))
  );
end;
$$;

-- Takes a provider off the platform until it is restored: no page, no new booking, and its team reads what it has promised
-- and nothing else (private.in_good_standing). Raises not_allowed (also for a business that one works for),
-- step_up_required, invalid_input (reason), not_found (also where it is suspended already).
create function public.suspend_provider(provider_id uuid, reason text)
returns void
language sql
set search_path = ''
as $$
  select private.suspend_provider(provider_id, true, reason);
$$;

-- Gives a suspended provider back to its owner as a draft, to publish again. Raises what suspend_provider raises.
create function public.restore_provider(provider_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.suspend_provider(provider_id, false, null);
$$;
grant execute on function private.suspend_provider(uuid, boolean, text) to authenticated;
grant execute on function public.suspend_provider(uuid, text) to authenticated;
grant execute on function public.restore_provider(uuid) to authenticated;
