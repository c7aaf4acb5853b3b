-- Becoming a provider: a guided start, the documents that prove who one is, and the decision on them.

insert into private.rate_limits (name, max_calls, per) values ('start_provider', 5, '1 day');

-- A slug for a name: folded, its words joined with dashes, and a short ending where it is taken or nothing is left of
-- it. Two who ask for the same one at once wait for each other.
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

insert into private.rate_limits (name, max_calls, per) values ('start_request', 10, '1 day');

-- What somebody who begins asks of the platform's staff: a town that is not in the list, or to be told when a trade can
-- be set up. One of each waits for an account.
create table public.start_requests (
  id uuid primary key default private.new_id(),
  account_id uuid not null references auth.users (id) on delete cascade,
  -- one of the two: a town in the person's words, or a trade
  town text
    constraint start_requests_town_length check (char_length(town) between 2 and 80)
    constraint start_requests_town_is_one check (private.name_ok(town)),
  category_id uuid references public.categories (id) on delete cascade,
  -- what they had typed of their business, by field; forgotten once the business is there
  draft jsonb not null default '{}' constraint start_requests_draft_form check (
    jsonb_typeof(draft) = 'object' and octet_length(draft::text) <= 8000
  ),
  status public.start_request_status not null default 'waiting',
  note text not null default '' constraint start_requests_note_length check (char_length(note) <= 500),
  -- the town that it became
  city_slug text references public.cities (slug),
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid references auth.users (id) on delete set null,
  constraint start_requests_one_wish check (num_nonnulls(town, category_id) = 1)
);
create unique index start_requests_waiting on public.start_requests (account_id, category_id) nulls not distinct
  where status = 'waiting';
create index start_requests_account_id on public.start_requests (account_id, created_at desc);
create index start_requests_queue on public.start_requests (created_at) where status = 'waiting';
create index start_requests_category_id on public.start_requests (category_id);
create index start_requests_city_slug on public.start_requests (city_slug);
create index start_requests_decided_by on public.start_requests (decided_by);
alter table public.start_requests enable row level security;
grant select (id, account_id, town, category_id, draft, status, note, city_slug, created_at, decided_at)
  on public.start_requests to authenticated;
create policy "people read what they asked for"
  on public.start_requests for select to authenticated using (account_id = (select private.me()));
create trigger audit after insert or update or delete on public.start_requests
  for each row execute function private.audit(
    'id', 'draft', 'personal: town,note', 'person: account_id', 'accounts: account_id,decided_by'
  );
create trigger clean_text before insert or update of note on public.start_requests
  for each row execute function private.clean_text('note');

-- Asks the platform to open: in a town that is not on its list, or in a trade that it admits by hand. Gives the id of
-- the request. Raises not_allowed, rate_limited, invalid_input (town, category_slug, draft).
create function private.request_start(town text, category_slug text, draft jsonb)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me uuid := private.me();
  asked text := trim(town);
  trade uuid := (select k.id from public.categories k where k.slug = category_slug and not k.self_service);
  made uuid;
begin
  if me is null then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.count_call('start_request');
  if category_slug is null and (
    coalesce(char_length(asked), 0) not between 2 and 80 or not private.name_ok(asked)
  ) then
    perform private.fail(422, 'invalid_input', 'town');
  end if;
  if category_slug is not null and trade is null then
    perform private.fail(422, 'invalid_input', 'category_slug');
  end if;
  if jsonb_typeof(draft) is distinct from 'object' or octet_length(draft::text) > 8000 then
    perform private.fail(422, 'invalid_input', 'draft');
  end if;
  insert into public.start_requests as r (account_id, town, category_id, draft)
  values (me, asked, trade, draft)
  on conflict (account_id, category_id) where status = 'waiting' do update
  set town = excluded.town, draft = excluded.draft
  returning r.id into made;
  return made;
end;
$$;

-- Asks for a town that is not in the list, in the person's words (2 to 80 signs); `draft` is what they have typed of
-- their business, by field, and waits with it. Asked again while it waits, it is the same request with the new words.
-- Gives its id. Raises not_allowed, invalid_input (town, draft), rate_limited.
create function public.request_town(town text, draft jsonb default '{}')
returns uuid
language sql
set search_path = ''
as $$
  select private.request_start(town, null, draft);
$$;

-- Asks to be told when businesses of a trade can be set up that cannot yet; `draft` as with request_town. Raises
-- not_allowed, invalid_input (category_slug: also for one that can; draft), rate_limited.
create function public.request_trade(category_slug text, draft jsonb default '{}')
returns uuid
language sql
set search_path = ''
as $$
  select private.request_start(null, coalesce(category_slug, ''), draft);
$$;
grant execute on function private.request_start(text, text, jsonb) to authenticated;
grant execute on function public.request_town(text, jsonb) to authenticated;
grant execute on function public.request_trade(text, jsonb) to authenticated;

create function private.waiting_start_requests()
returns table (
  id uuid, town text, category_name_fr text, category_name_ar text, category_name_en text, self_service boolean,
  created_at timestamptz, total bigint
)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.require_permission('providers.verify');
  return query
    select r.id, r.town, k.name_fr, k.name_ar, k.name_en, k.self_service, r.created_at, count(*) over ()
    from public.start_requests r
    left join public.categories k on k.id = r.category_id
    where r.status = 'waiting'
    order by r.created_at, r.id
    limit 50;
end;
$$;

-- What people who begin have asked for and nobody has answered, the oldest first, 50 at most; total says how many there
-- are. Who asks is not told. Raises not_allowed, step_up_required.
create function public.waiting_start_requests()
returns table (
  id uuid, town text, category_name_fr text, category_name_ar text, category_name_en text, self_service boolean,
  created_at timestamptz, total bigint
)
language sql
stable
set search_path = ''
as $$
  select * from private.waiting_start_requests();
$$;
grant execute on function private.waiting_start_requests() to authenticated;
grant execute on function public.waiting_start_requests() to authenticated;

-- The town of an accepted request: one there is, by its slug, or a new one that is made of its names and place.
create function private.town_of(city jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one text := (select c.slug from public.cities c where c.slug = city ->> 'slug');
  made text := left(trim(both '-' from regexp_replace(private.fold(city ->> 'name_fr'), '[^a-z0-9]+', '-', 'g')), 60);
  its_zone text := coalesce(nullif(city ->> 'time_zone', ''), 'Africa/Casablanca');
  problem text;
begin
  if found_one is not null then
    return found_one;
  end if;
  problem := case
    when coalesce(city ->> 'slug', '') <> '' then 'city'
    when coalesce(char_length(trim(city ->> 'name_fr')) between 2 and 80, false) is false
      or not private.name_ok(city ->> 'name_fr') or coalesce(made, '') = '' then 'name_fr'
    when coalesce(char_length(trim(city ->> 'name_ar')) between 2 and 80, false) is false
      or not private.name_ok(city ->> 'name_ar') then 'name_ar'
    when coalesce(char_length(trim(city ->> 'name_en')) between 2 and 80, false) is false
      or not private.name_ok(city ->> 'name_en') then 'name_en'
    when coalesce(city ->> 'latitude', '') !~ '^-?[0-9]{1,2}(\.[0-9]{1,8})?$'
      or (city ->> 'latitude')::float8 not between -90 and 90 then 'latitude'
    when coalesce(city ->> 'longitude', '') !~ '^-?[0-9]{1,3}(\.[0-9]{1,8})?$'
      or (city ->> 'longitude')::float8 not between -180 and 180 then 'longitude'
    when not exists (select from private.clock_changes c where c.zone = its_zone) then 'time_zone'
    -- it is in the list already, or another has its name
    when exists (select from public.cities c where c.slug = made) then 'name_fr'
  end;
  if problem is not null then
    perform private.fail(422, 'invalid_input', problem);
  end if;
  insert into public.cities (slug, name_fr, name_ar, name_en, latitude, longitude, time_zone, position)
  values (
    made, trim(city ->> 'name_fr'), trim(city ->> 'name_ar'), trim(city ->> 'name_en'),
    (city ->> 'latitude')::float8, (city ->> 'longitude')::float8, its_zone,
    (select coalesce(max(c.position), 0) + 1 from public.cities c)
  );
  return made;
end;
$$;

create function private.decide_start_request(request uuid, accepted boolean, note text, city jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  r public.start_requests;
  k public.categories;
begin
  perform private.require_permission('providers.verify');
  if accepted is null then
    perform private.fail(422, 'invalid_input', 'accepted');
  end if;
  if char_length(decide_start_request.note) > 500
    or (not accepted and coalesce(trim(decide_start_request.note), '') = '')
  then
    perform private.fail(422, 'invalid_input', 'note');
  end if;
  select * into r from public.start_requests x where x.id = request and x.status = 'waiting' for update;
  if r.id is null then
    perform private.fail(404, 'not_found');
  end if;
  if r.account_id = private.me() then
    perform private.fail(403, 'not_allowed', 'own_request');
  end if;
  select * into k from public.categories x where x.id = r.category_id;
  if accepted and r.town is not null then
    r.city_slug := private.town_of(city);
    r.draft := r.draft || jsonb_build_object('city_slug', r.city_slug);
  elsif accepted and not k.self_service then
    -- nobody is told that something is possible which is not
    perform private.fail(409, 'invalid_transition', 'category_slug');
  elsif accepted then
    r.draft := r.draft || jsonb_build_object('category_slug', k.slug);
  end if;
  update public.start_requests x
  set
    status = case when accepted then 'accepted'::public.start_request_status else 'declined' end,
    city_slug = r.city_slug, draft = r.draft,
    note = coalesce(trim(decide_start_request.note), ''), decided_at = now(), decided_by = private.me()
  where x.id = r.id;
  perform private.tell(
    r.account_id,
    case when accepted then 'start_request_accepted'::public.notification_kind else 'start_request_declined' end,
    jsonb_build_object(
      'what', coalesce(r.town, case p.language when 'ar' then k.name_ar when 'en' then k.name_en else k.name_fr end),
      'note', coalesce(trim(decide_start_request.note), '')
    ),
    '/become-provider?step=where'
  )
  from public.profiles p
  where p.id = r.account_id;
  return r.city_slug;
end;
$$;

-- Answers a request of somebody who begins; they are told, with the note (which a refusal needs). For a town that is
-- accepted, `city` says which it is: {slug} of one there is, or {name_fr, name_ar, name_en, latitude, longitude,
-- time_zone?} of a new one, whose slug comes from its French name. Gives the slug of the town. A trade is accepted once
-- it can be set up. Raises not_allowed (also for one's own), step_up_required, not_found (also where it has been
-- answered), invalid_transition, invalid_input (accepted, note, city, name_fr: also where there is one of that name,
-- name_ar, name_en, latitude, longitude, time_zone).
create function public.decide_start_request(
  request_id uuid, accepted boolean, note text default '', city jsonb default null
)
returns text
language sql
set search_path = ''
as $$
  select private.decide_start_request(request_id, accepted, note, city);
$$;
grant execute on function private.decide_start_request(uuid, boolean, text, jsonb) to authenticated;
grant execute on function public.decide_start_request(uuid, boolean, text, jsonb) to authenticated;

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
  trade public.categories;
  problem text;
begin
  if me is null then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.count_call('start_provider');
  select * into city from public.cities c where c.slug = business ->> 'city_slug';
  select * into trade from public.categories k where k.slug = business ->> 'category_slug' and k.self_service;
  problem := case
    when jsonb_typeof(business) is distinct from 'object' then 'business'
    when coalesce(char_length(trim(business ->> 'name')) between 2 and 120, false) is false
      or not private.name_ok(business ->> 'name') then 'name'
    when trade.id is null then 'category_slug'
    when city.slug is null then 'city_slug'
    when coalesce(char_length(trim(business ->> 'district')) between 1 and 120, false) is false
      or not private.name_ok(business ->> 'district') then 'district'
    when coalesce(char_length(trim(business ->> 'address')) between 1 and 300, false) is false then 'address'
    when private.phone(business ->> 'phone') is null and trim(business ->> 'phone') <> '' then 'phone'
    when jsonb_typeof(service) is distinct from 'object' then 'service'
    when coalesce(char_length(trim(service ->> 'name')) between 2 and 120, false) is false
      or not private.name_ok(service ->> 'name') then 'service_name'
    when coalesce(service ->> 'duration_minutes', '') !~ '^[0-9]{1,4}$'
      or (service ->> 'duration_minutes')::int not between 5 and 1440 then 'duration_minutes'
    when coalesce(service ->> 'price_minor', '') !~ '^[0-9]{1,9}$'
      or (service ->> 'price_minor')::bigint > 100000000 then 'price_minor'
    when private.one_of(service ->> 'place', null::public.service_place) is null then 'place'
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
    id, slug, name, category_id, city_slug, district, address, latitude, longitude, phone, time_zone,
    cancellation_policy_id
  )
  select
    made, made_slug, trim(business ->> 'name'), trade.id, city.slug, trim(business ->> 'district'),
    trim(business ->> 'address'),
    city.latitude, city.longitude, business ->> 'phone', city.time_zone, policy.id
  from public.cancellation_policies policy
  where policy.code = 'moderate';
  insert into public.provider_members (provider_id, user_id, role) values (made, me, 'owner');
  insert into public.services (provider_id, mode, name_fr, duration_minutes, price_minor, place)
  values (
    made, trade.mode, trim(service ->> 'name'), (service ->> 'duration_minutes')::int,
    (service ->> 'price_minor')::bigint,
    private.one_of(service ->> 'place', null::public.service_place)
  )
  returning id into made_service;
  insert into public.resources (provider_id, kind, name, user_id)
  select made, 'staff', p.full_name, me from public.profiles p where p.id = me
  returning id into made_resource;
  insert into public.service_resources (service_id, resource_id) values (made_service, made_resource);
  insert into public.opening_hours (provider_id, weekday, opens, closes)
  select made, (h ->> 'weekday')::int, (h ->> 'opens')::time, (h ->> 'closes')::time
    from jsonb_array_elements(hours) as h;
  update public.start_requests r set draft = '{}' where r.account_id = me and r.draft <> '{}';
  return query select made, made_slug;
end;
$$;

-- Makes a provider with the caller as its owner and its first member of staff, as a draft that only its team sees.
-- business: {name, category_slug (of a trade with self_service, which says how it is booked), city_slug, district,
-- address, phone?} (its place on the map is the city's until moved, its zone the city's); service: {name,
-- duration_minutes, price_minor, place: customer | provider}; hours: a list of {weekday 1–7 from Monday, opens, closes
-- as HH:MM}. Raises invalid_input (the field), not_allowed, rate_limited.
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
  set status = case when published then 'published'::public.provider_status else 'draft' end
  where p.id = provider and p.status <> 'suspended';
  -- suspended in this very moment
  if not found then
    perform private.fail(403, 'not_allowed');
  end if;
end;
$$;

-- Shows a draft to everyone. Raises not_found, not_allowed (staff, or suspended by the platform), invalid_input
-- (services, hours) where there is nothing that could be booked.
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
  kind public.document_kind not null,
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

-- Opens the file of a document to the caller for five minutes, as one who verifies, and notes it in the log; gives its
-- path in the bucket `documents`. Raises not_allowed, step_up_required, not_found.
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
  status public.verification_status not null default 'waiting',
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
create trigger clean_text before insert or update of note on public.verifications
  for each row execute function private.clean_text('note');

-- The mark says that a business is who its name says it is: under another name it is to be looked at anew.
create function private.drop_mark()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.verified_at := null;
  return new;
end;
$$;
create trigger drop_mark before update of name, name_ar on public.providers
  for each row when (
    old.verified_at is not null and (new.name, coalesce(new.name_ar, '')) <> (old.name, coalesce(old.name_ar, ''))
  )
  execute function private.drop_mark();

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
    status = case when accepted then 'accepted'::public.verification_status else 'refused' end,
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
    case when accepted then 'verification_accepted'::public.notification_kind else 'verification_refused' end,
    jsonb_build_object('provider', p.name, 'provider_id', p.id, 'note', coalesce(decide_verification.note, '')),
    '/dashboard/verification'
  )
  from public.provider_members m
  join public.providers p on p.id = m.provider_id
  where m.provider_id = provider and m.role = 'owner';
end;
$$;

-- Accepts or refuses (with a word why) a provider's documents; the owners are told. Raises not_allowed,
-- step_up_required, not_found, invalid_input (accepted, note).
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
  set status = case when suspended then 'suspended'::public.provider_status else 'draft' end
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
    private.me(), case when suspended then 'suspended' else 'restored' end, 'public.providers', provider::text,
    provider,
    personal_new => jsonb_build_object('reason', left(reason, 500))
  );
end;
$$;

-- Takes a provider off the platform until it is restored: no page, no new booking, and its team reads what it has
-- promised and nothing else (private.in_good_standing). Raises not_allowed (also for a business that one works for),
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
