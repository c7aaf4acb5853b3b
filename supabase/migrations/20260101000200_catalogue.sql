-- Catalogue: what there is to find and to book.

-- Names in the three languages; French is the one every row has.
create table public.categories (
  id uuid primary key default private.new_id(),
  slug text not null unique constraint categories_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name_fr text not null,
  name_ar text not null,
  name_en text not null,
  -- words people search by that the names do not hold: the trade, the tools, the trouble, in all three languages
  keywords text not null default '',
  -- name of the icon that the site draws for it
  icon text not null,
  position int not null default 0,
  -- how its businesses are booked
  mode public.booking_mode not null default 'appointment',
  -- whether its businesses can be set up by their owners: there are no pages yet that make tables, rooms and sessions
  self_service boolean not null generated always as (mode = 'appointment') stored
);
alter table public.categories enable row level security;
grant select on public.categories to anon, authenticated;

create table public.cities (
  slug text primary key constraint cities_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name_fr text not null,
  name_ar text not null,
  name_en text not null,
  latitude float8 not null,
  longitude float8 not null,
  position int not null default 0,
  -- IANA name; that of the businesses which begin there
  time_zone text not null default 'Africa/Casablanca',
  constraint cities_names_are_such check (
    private.name_ok(name_fr) and private.name_ok(name_ar) and private.name_ok(name_en)
  )
);
alter table public.cities enable row level security;
grant select on public.cities to anon, authenticated;

-- What a customer gets back when a booking is cancelled. `tiers` is a list of
-- {"hours_before": int, "refund_percent": int}, the longest notice first: the first tier whose notice is kept holds.
create table public.cancellation_policies (
  id uuid primary key default private.new_id(),
  code text not null unique,
  tiers jsonb not null constraint cancellation_policies_tiers_list check (jsonb_typeof(tiers) = 'array')
);
alter table public.cancellation_policies enable row level security;
create trigger audit after insert or update or delete on public.cancellation_policies
  for each row execute function private.audit('id');
grant select on public.cancellation_policies to anon, authenticated;

insert into public.cancellation_policies (code, tiers)
values
  ('flexible', '[{"hours_before": 4, "refund_percent": 100}]'),
  ('moderate', '[{"hours_before": 24, "refund_percent": 100}, {"hours_before": 4, "refund_percent": 50}]'),
  ('strict', '[{"hours_before": 72, "refund_percent": 100}, {"hours_before": 24, "refund_percent": 50}]');

-- A business that takes bookings.
create table public.providers (
  id uuid primary key default private.new_id(),
  slug text not null unique constraint providers_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null constraint providers_name_length check (char_length(name) between 2 and 120),
  name_ar text constraint providers_name_ar_length check (char_length(name_ar) between 1 and 120),
  constraint providers_names_are_such check (private.name_ok(name) and private.name_ok(coalesce(name_ar, name))),
  category_id uuid not null references public.categories (id),
  city_slug text not null references public.cities (slug),
  district text not null constraint providers_district_length check (char_length(district) between 1 and 120)
    constraint providers_district_is_a_name check (private.name_ok(district)),
  address text not null constraint providers_address_length check (char_length(address) between 1 and 300),
  latitude float8 not null constraint providers_latitude_range check (latitude between -90 and 90),
  longitude float8 not null constraint providers_longitude_range check (longitude between -180 and 180),
  about_fr text not null default '' constraint providers_about_fr_length check (char_length(about_fr) <= 4000),
  about_ar text not null default '' constraint providers_about_ar_length check (char_length(about_ar) <= 4000),
  about_en text not null default '' constraint providers_about_en_length check (char_length(about_en) <= 4000),
  phone text constraint providers_phone_form check (phone = private.phone(phone)),
  -- IANA name; opening hours are local times in it
  time_zone text not null default 'Africa/Casablanca',
  currency text not null default 'MAD' references public.currencies (code),
  status public.provider_status not null default 'draft',
  verified_at timestamptz,
  -- automatic: a paid or free booking is confirmed at once; manual: the provider decides
  approval public.approval not null default 'manual',
  -- how long the provider may take to decide, at most until the start; then the request lapses
  answer_hours int not null default 24 constraint providers_answer_hours_range check (answer_hours between 1 and 168),
  cancellation_policy_id uuid not null references public.cancellation_policies (id),
  -- kept by triggers from reviews and services
  rating numeric(3, 2),
  rating_count int not null default 0,
  price_from_minor bigint,
  search_text text not null default '',
  search_skeletons text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index providers_category_id on public.providers (category_id);
create index providers_city_slug on public.providers (city_slug);
create index providers_cancellation_policy_id on public.providers (cancellation_policy_id);
create index providers_currency on public.providers (currency);
create index providers_place on public.providers (latitude, longitude);
create index providers_search_text on public.providers using gin (search_text extensions.gin_trgm_ops);
create index providers_search_skeletons on public.providers using gin (search_skeletons);
alter table public.providers enable row level security;
create trigger audit after insert or update or delete on public.providers
  for each row execute function private.audit(
    'id', 'search_text', 'search_skeletons', 'price_from_minor', 'rating', 'rating_count',
    'personal: slug,name,name_ar,district,address,latitude,longitude,about_fr,about_ar,about_en,phone'
  );
grant select (
  id, slug, name, name_ar, category_id, city_slug, district, address, latitude, longitude, about_fr, about_ar,
  about_en, phone, time_zone, currency, status, verified_at, approval, answer_hours, cancellation_policy_id, rating,
  rating_count,
  price_from_minor, created_at, updated_at
) on public.providers to anon, authenticated;
grant update (
  name, name_ar, district, address, latitude, longitude, about_fr, about_ar, about_en, phone, approval,
  answer_hours, cancellation_policy_id
) on public.providers to authenticated;

alter table public.provider_members
  add constraint provider_members_provider_id_fkey
  foreign key (provider_id) references public.providers (id) on delete cascade;
alter table public.audit_personal
  add constraint audit_personal_provider_id_fkey
  foreign key (provider_id) references public.providers (id) on delete cascade;

create trigger touch before update on public.providers
  for each row execute function private.touch();
create trigger keep_phone before insert or update of phone on public.providers
  for each row execute function private.keep_phone();
create trigger clean_text before insert or update of address, about_fr, about_ar, about_en on public.providers
  for each row execute function private.clean_text('address', 'about_fr', 'about_ar', 'about_en');

-- Changes of one provider that touch several of its rows, or count them, come one after the other: they would lock each
-- other out, or miss what the other adds. Who locks other rows of it too takes this lock first. False where there is no
-- such provider.
create function private.lock_provider(provider uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform from public.providers p where p.id = provider for no key update;
  return found;
end;
$$;

-- Refuses a time zone whose clocks are not known: every slot is computed in it.
create function private.check_time_zone()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not exists (select from private.clock_changes c where c.zone = new.time_zone) then
    perform private.fail(422, 'invalid_input', 'time_zone');
  end if;
  return new;
end;
$$;
create trigger check_time_zone before insert or update of time_zone on public.providers
  for each row execute function private.check_time_zone();

-- Refuses another currency where there are prices in the one before: every sum would mean something else.
create function private.check_currency()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (select from public.services s where s.provider_id = new.id)
    or exists (select from public.promo_codes c where c.provider_id = new.id)
  then
    perform private.fail(422, 'invalid_input', 'currency');
  end if;
  return new;
end;
$$;
create trigger check_currency before update of currency on public.providers
  for each row when (new.currency <> old.currency) execute function private.check_currency();

-- Something that can be booked.
create table public.services (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  mode public.booking_mode not null default 'appointment',
  name_fr text not null constraint services_name_fr_length check (char_length(name_fr) between 2 and 120),
  name_ar text constraint services_name_ar_length check (char_length(name_ar) between 1 and 120),
  name_en text constraint services_name_en_length check (char_length(name_en) between 1 and 120),
  constraint services_names_are_such check (
    private.name_ok(name_fr) and private.name_ok(coalesce(name_ar, name_fr))
    and private.name_ok(coalesce(name_en, name_fr))
  ),
  description_fr text not null default ''
    constraint services_description_fr_length check (char_length(description_fr) <= 2000),
  description_ar text constraint services_description_ar_length check (char_length(description_ar) <= 2000),
  description_en text constraint services_description_en_length check (char_length(description_en) <= 2000),
  duration_minutes int not null constraint services_duration_range check (duration_minutes between 5 and 1440),
  -- kept free around the appointment, for the way there or for cleaning
  buffer_before_minutes int not null default 0
    constraint services_buffer_before_range check (buffer_before_minutes between 0 and 480),
  buffer_after_minutes int not null default 0
    constraint services_buffer_after_range check (buffer_after_minutes between 0 and 480),
  -- distance between two starts, counted from opening
  step_minutes int not null default 30 constraint services_step_range check (step_minutes between 5 and 1440),
  -- the earliest start from now, and the latest
  notice_minutes int not null default 120 constraint services_notice_range check (notice_minutes between 0 and 43200),
  horizon_days int not null default 60 constraint services_horizon_range check (horizon_days between 1 and 730),
  price_minor bigint not null constraint services_price_range check (price_minor between 0 and 100000000),
  -- part of the price paid when booking: 0 pay on site, 100 pay in full
  deposit_percent int not null default 0 constraint services_deposit_range check (deposit_percent between 0 and 100),
  -- how many people one booking may be for, and whether the price is for all of them or for each
  min_party int not null default 1 constraint services_min_party_range check (min_party between 1 and 1000),
  max_party int not null default 1,
  price_per public.price_per not null default 'booking',
  -- staff members that one booking takes
  staff_needed int not null default 1 constraint services_staff_range check (staff_needed between 1 and 10),
  -- customer: the provider comes; provider: the customer comes
  place public.service_place not null default 'provider',
  active boolean not null default true,
  position int not null default 0,
  created_at timestamptz not null default now(),
  constraint services_party_in_order check (max_party between min_party and 1000)
);
create index services_provider_id on public.services (provider_id);
alter table public.services enable row level security;
create trigger audit after insert or update or delete on public.services
  for each row execute function private.audit(
    'id', 'personal: name_fr,name_ar,name_en,description_fr,description_ar,description_en'
  );
grant select on public.services to anon, authenticated;
grant insert (
  provider_id, mode, name_fr, name_ar, name_en, description_fr, description_ar, description_en, duration_minutes,
  buffer_before_minutes, buffer_after_minutes, step_minutes, notice_minutes, horizon_days, price_minor,
  deposit_percent, min_party, max_party, price_per, staff_needed, place, active, position
) on public.services to authenticated;
grant update (
  name_fr, name_ar, name_en, description_fr, description_ar, description_en, duration_minutes,
  buffer_before_minutes, buffer_after_minutes, step_minutes, notice_minutes, horizon_days, price_minor,
  deposit_percent, min_party, max_party, price_per, staff_needed, place, active, position
) on public.services to authenticated;

create trigger clean_text before insert or update of description_fr, description_ar, description_en on public.services
  for each row execute function private.clean_text('description_fr', 'description_ar', 'description_en');

-- A deposit must be one that can be charged; the least is seen to by private.deposit_of. Raises invalid_input for more.
create function private.check_deposit()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  least_price bigint := new.price_minor * case new.price_per when 'person' then new.min_party else 1 end;
begin
  if exists (
    select
    from public.providers p
    join public.currencies c on c.code = p.currency
    where p.id = new.provider_id
      and private.deposit_of(least_price, new.deposit_percent, p.currency) > c.max_charge_minor
  ) then
    perform private.fail(422, 'invalid_input', 'deposit_percent');
  end if;
  return new;
end;
$$;
create trigger check_deposit before insert or update of price_minor, deposit_percent, min_party, price_per
  on public.services
  for each row when (new.deposit_percent > 0) execute function private.check_deposit();

-- What a booking occupies: a member of staff, a table or a room.
create table public.resources (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  kind public.resource_kind not null,
  name text not null constraint resources_name_length check (char_length(name) between 1 and 120)
    constraint resources_name_is_one check (private.name_ok(name)),
  capacity int not null default 1 constraint resources_capacity_range check (capacity between 1 and 10000),
  -- the account of a member of staff, when they have one
  user_id uuid references auth.users (id) on delete set null,
  -- whose name it bears: that account's, also once it has left the team, until another name is written
  named_after uuid references auth.users (id) on delete set null,
  active boolean not null default true,
  position int not null default 0
);
create index resources_provider_id on public.resources (provider_id);
create index resources_user_id on public.resources (user_id);
create index resources_named_after on public.resources (named_after);
alter table public.resources enable row level security;
create trigger audit after insert or update or delete on public.resources
  for each row
  execute function private.audit('id', 'personal: name', 'person: user_id', 'accounts: user_id,named_after');

-- Whose name a resource bears: the account's that it stands for, and after it is let go still theirs, until somebody
-- names the resource anew.
create function private.keep_namesake()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.named_after := case
    when new.user_id is not null then new.user_id
    when tg_op = 'INSERT' or new.name <> old.name then null
    else new.named_after
  end;
  return new;
end;
$$;
create trigger keep_namesake before insert or update of name, user_id on public.resources
  for each row execute function private.keep_namesake();
grant select (id, provider_id, kind, name, capacity, active, position) on public.resources to anon, authenticated;
grant insert (provider_id, kind, name, capacity, active, position) on public.resources to authenticated;
grant update (name, capacity, active, position) on public.resources to authenticated;

create table public.service_resources (
  service_id uuid not null references public.services (id) on delete cascade,
  resource_id uuid not null references public.resources (id) on delete cascade,
  primary key (service_id, resource_id)
);
create index service_resources_resource_id on public.service_resources (resource_id);
alter table public.service_resources enable row level security;
grant select, insert, delete on public.service_resources to authenticated;

-- Pictures in the bucket `photos`, in several widths: `path` is the folder `<provider>/<uuid>` that holds 480.webp,
-- 960.webp and 1440.webp. Noted by whoever puts the files there, with the secret key.
create table public.photos (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  path text not null constraint photos_path_form check (
    path ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  ),
  width int not null constraint photos_width_positive check (width > 0),
  height int not null constraint photos_height_positive check (height > 0),
  alt_fr text not null constraint photos_alt_fr_length check (char_length(alt_fr) <= 300),
  alt_ar text not null constraint photos_alt_ar_length check (char_length(alt_ar) <= 300),
  alt_en text not null constraint photos_alt_en_length check (char_length(alt_en) <= 300),
  position int not null default 0,
  unique (provider_id, path)
);
alter table public.photos enable row level security;
grant select on public.photos to anon, authenticated;
grant delete on public.photos to authenticated;
create trigger clean_text before insert or update of alt_fr, alt_ar, alt_en on public.photos
  for each row execute function private.clean_text('alt_fr', 'alt_ar', 'alt_en');

-- Guards: rows of one provider may not point at those of another.
create function private.check_same_provider()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_table_name = 'service_resources' then
    if (select provider_id from public.services where id = new.service_id)
      is distinct from (select provider_id from public.resources where id = new.resource_id)
    then
      perform private.fail(422, 'invalid_input', 'resource_id');
    end if;
  elsif new.resource_id is not null
    and new.provider_id is distinct from (select provider_id from public.resources where id = new.resource_id)
  then
    perform private.fail(422, 'invalid_input', 'resource_id');
  end if;
  return new;
end;
$$;
create trigger check_same_provider before insert or update on public.service_resources
  for each row execute function private.check_same_provider();

-- Every word that a provider may be found by, folded.
create function private.search_text_of(provider uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select private.fold(concat_ws(
    ' ', p.name, p.name_ar, c.name_fr, c.name_ar, c.name_en, c.keywords, t.name_fr, t.name_ar, t.name_en, p.district,
    (
      select string_agg(concat_ws(' ', s.name_fr, s.name_ar, s.name_en), ' ' order by s.id)
      from public.services s
      where s.provider_id = p.id and s.active
    )
  ))
  from public.providers p
  join public.categories c on c.id = p.category_id
  join public.cities t on t.slug = p.city_slug
  where p.id = provider;
$$;

-- The least that a provider's services begin at, in minor units: of one with numbered seats the cheapest of them.
create function private.price_from_of(provider uuid)
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (
    select min(least(
      s.price_minor, (select min(x.price_minor) from public.seat_prices x where x.service_id = s.id)
    ))
    from public.services s
    where s.provider_id = provider and s.active
  );
end;
$$;

-- Keeps what the search reads beside the provider.
create function private.refresh_search(provider uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  update public.providers p
  set
    search_text = w.words, search_skeletons = private.skeletons(w.words),
    price_from_minor = private.price_from_of(provider)
  from private.search_text_of(provider) as w (words)
  where p.id = provider and w.words is not null;
$$;

-- What a business is found by follows its own row.
create function private.refresh_search_of_provider()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.refresh_search(new.id);
  return null;
end;
$$;
create trigger refresh_search
  after insert or update of name, name_ar, category_id, city_slug, district on public.providers
  for each row execute function private.refresh_search_of_provider();

-- What a business is found by follows its services: their names, and the lowest price.
create function private.refresh_search_of_service()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.refresh_search(coalesce(new.provider_id, old.provider_id));
  return null;
end;
$$;
create trigger refresh_search
  after insert or delete or update of name_fr, name_ar, name_en, price_minor, active on public.services
  for each row execute function private.refresh_search_of_service();

-- For all providers of a category or a city whose names change.
create function private.refresh_search_of_all()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_table_name = 'categories' then
    perform private.refresh_search(p.id) from public.providers p where p.category_id = new.id;
  else
    perform private.refresh_search(p.id) from public.providers p where p.city_slug = new.slug;
  end if;
  return null;
end;
$$;
create trigger refresh_search after update of name_fr, name_ar, name_en, keywords on public.categories
  for each row execute function private.refresh_search_of_all();
create trigger refresh_search after update of name_fr, name_ar, name_en on public.cities
  for each row execute function private.refresh_search_of_all();

-- A business stands in the middle of its city until somebody has moved it: then it follows the city's.
create function private.follow_city()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.providers p
  set latitude = new.latitude, longitude = new.longitude
  where p.city_slug = new.slug and p.latitude = old.latitude and p.longitude = old.longitude;
  return null;
end;
$$;
create trigger follow_city after update of latitude, longitude on public.cities
  for each row execute function private.follow_city();

-- True when anybody may see the provider.
create function private.is_published(provider uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select from public.providers where id = provider and status = 'published');
$$;
grant execute on function private.is_published(uuid) to anon, authenticated, service_role;

create policy "everyone reads categories" on public.categories for select to anon, authenticated using (true);
create policy "everyone reads cities" on public.cities for select to anon, authenticated using (true);
create policy "everyone reads cancellation policies"
  on public.cancellation_policies for select to anon, authenticated using (true);

-- The providers that the caller has to do with as a customer: booked, waits or talked there. Their names stay readable
-- in what the caller has of them, even when they are no longer published. Bookings and conversations come in later
-- files.
create function private.providers_i_know()
returns setof uuid
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
begin
  return query
    select b.provider_id from public.bookings b where b.customer_id = me
    union
    select w.provider_id from public.waitlist_entries w where w.customer_id = me
    union
    select c.provider_id from public.conversations c where c.customer_id = me;
end;
$$;
grant execute on function private.providers_i_know() to authenticated;

-- The same for services, which stay readable when they are no longer offered.
create function private.services_i_know()
returns setof uuid
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
begin
  return query
    select b.service_id from public.bookings b where b.customer_id = me
    union
    select w.service_id from public.waitlist_entries w where w.customer_id = me;
end;
$$;
grant execute on function private.services_i_know() to authenticated;

create policy "visitors read published providers"
  on public.providers for select to anon using (status = 'published');
create policy "people read published and known providers, the team more"
  on public.providers for select to authenticated
  using (
    status = 'published'
    or id in (select private.my_providers_even_suspended())
    or id in (select private.providers_i_know())
    or (select private.may('providers.read'))
  );
create policy "owners and managers change their provider"
  on public.providers for update to authenticated
  using (id in (select private.managed_providers()))
  with check (id in (select private.managed_providers()));

create policy "visitors read services of published providers"
  on public.services for select to anon using (active and private.is_published(provider_id));
create policy "people read published and known services, members theirs"
  on public.services for select to authenticated
  using (
    (active and private.is_published(provider_id))
    or provider_id in (select private.my_providers_even_suspended())
    or id in (select private.services_i_know())
  );
create policy "owners and managers add services"
  on public.services for insert to authenticated with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change services"
  on public.services for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));

create policy "visitors read resources of published providers"
  on public.resources for select to anon using (active and private.is_published(provider_id));
create policy "people read published resources, members all of theirs"
  on public.resources for select to authenticated
  using (
    (active and private.is_published(provider_id)) or provider_id in (select private.my_providers_even_suspended())
  );
create policy "owners and managers add resources"
  on public.resources for insert to authenticated with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change resources"
  on public.resources for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));

create policy "members read which resources serve what"
  on public.service_resources for select to authenticated
  using (service_id in (select s.id from public.services s where s.provider_id in (select private.my_providers())));
create policy "owners and managers link services and resources"
  on public.service_resources for insert to authenticated
  with check (
    service_id in (select s.id from public.services s where s.provider_id in (select private.managed_providers()))
  );
create policy "owners and managers unlink services and resources"
  on public.service_resources for delete to authenticated
  using (
    service_id in (select s.id from public.services s where s.provider_id in (select private.managed_providers()))
  );

create policy "visitors read photos of published providers"
  on public.photos for select to anon using (private.is_published(provider_id));
create policy "people read published photos, members all of theirs"
  on public.photos for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));
create policy "owners and managers remove photos"
  on public.photos for delete to authenticated using (provider_id in (select private.managed_providers()));
