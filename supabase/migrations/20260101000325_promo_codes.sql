-- Promo codes: a discount on a booking's price, of one provider or of the whole platform.

create table public.promo_codes (
  id uuid primary key default private.new_id(),
  -- null: holds for every provider
  provider_id uuid references public.providers (id) on delete cascade,
  -- as it is typed, in capitals: EID2027
  code text not null constraint promo_codes_code_form check (code ~ '^[A-Z0-9]{3,20}$'),
  -- one of the two: a share of the price, or a sum in minor units of the provider's currency
  percent int constraint promo_codes_percent_range check (percent between 1 and 100),
  amount_minor bigint constraint promo_codes_amount_range check (amount_minor between 1 and 100000000),
  -- null: for every service
  service_id uuid references public.services (id) on delete cascade,
  min_price_minor bigint not null default 0,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  -- the same on the provider's clocks, which is what was meant; kept by a trigger, null for a code of the platform
  local_valid_from timestamp,
  local_valid_to timestamp,
  -- live bookings that may use it, in all and of each customer; null: any number
  max_uses int constraint promo_codes_max_uses_range check (max_uses between 1 and 1000000),
  max_uses_each int default 1 constraint promo_codes_max_uses_each_range check (max_uses_each between 1 and 1000),
  active boolean not null default true,
  created_at timestamptz not null default now(),
  constraint promo_codes_one_value check (num_nonnulls(percent, amount_minor) = 1),
  constraint promo_codes_in_calendar check (
    private.in_calendar(valid_from) and (valid_to is null or private.in_calendar(valid_to))
  ),
  constraint promo_codes_validity_order check (valid_to > valid_from),
  constraint promo_codes_once unique nulls not distinct (code, provider_id)
);
create index promo_codes_provider_id on public.promo_codes (provider_id);
create index promo_codes_service_id on public.promo_codes (service_id);
alter table public.promo_codes enable row level security;
create trigger audit after insert or update or delete on public.promo_codes
  for each row execute function private.audit('id');
grant select on public.promo_codes to authenticated;
grant insert (
  provider_id, code, percent, amount_minor, service_id, min_price_minor, valid_from, valid_to, max_uses, max_uses_each,
  active
) on public.promo_codes to authenticated;
grant update (min_price_minor, valid_from, valid_to, max_uses, max_uses_each, active)
  on public.promo_codes to authenticated;
create policy "owners and managers read their codes"
  on public.promo_codes for select to authenticated using (provider_id in (select private.managed_providers()));
create policy "owners and managers make codes"
  on public.promo_codes for insert to authenticated
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change codes"
  on public.promo_codes for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));
create trigger check_service_provider before insert or update on public.promo_codes
  for each row when (new.service_id is not null) execute function private.check_service_provider();

-- Keeps from when until when a code holds in the business's own time, beside the instants.
create function private.localise_promo_code()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  select private.to_local(new.valid_from, p.time_zone), private.to_local(new.valid_to, p.time_zone)
  into new.local_valid_from, new.local_valid_to
  from public.providers p
  where p.id = new.provider_id;
  return new;
end;
$$;
create trigger localise before insert or update of valid_from, valid_to on public.promo_codes
  for each row when (new.provider_id is not null) execute function private.localise_promo_code();

-- Which code a booking used. It counts while the booking lives: a cancelled one gives its use back.
create table public.promo_redemptions (
  booking_id uuid primary key references public.bookings (id) on delete cascade,
  promo_code_id uuid not null references public.promo_codes (id),
  created_at timestamptz not null default now()
);
create index promo_redemptions_promo_code_id on public.promo_redemptions (promo_code_id);
alter table public.promo_redemptions enable row level security;
grant select on public.promo_redemptions to authenticated;
create policy "those who read a booking read which code it used"
  on public.promo_redemptions for select to authenticated
  using (booking_id in (select b.id from public.bookings b));

-- The terms that a code had when a booking used it, a row of public.promo_codes: they go on for that booking, whatever
-- becomes of the code for others.
create table private.promo_terms (
  booking_id uuid primary key references public.promo_redemptions (booking_id) on delete cascade,
  code jsonb not null
);
alter table private.promo_terms enable row level security;

-- True while a code has uses left, in all and for the customer of that address (null: not asked).
create function private.promo_left(promo public.promo_codes, email text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  used bigint;
  used_by_them bigint;
begin
  select count(*), count(*) filter (where lower(b.customer_email) = lower(promo_left.email)) into used, used_by_them
  from public.promo_redemptions r
  join public.bookings b on b.id = r.booking_id
  where r.promo_code_id = promo.id and b.status not in ('expired', 'cancelled', 'rejected');
  return used < coalesce(promo.max_uses, used + 1) and used_by_them < coalesce(promo.max_uses_each, used_by_them + 1);
end;
$$;

-- What a code takes off a price, both in minor units: nothing of one that is less than it asks for.
create function private.discount_of(promo public.promo_codes, price_minor bigint)
returns bigint
language sql
immutable
set search_path = ''
as $$
  select case
    when promo.min_price_minor > price_minor then 0
    else least(price_minor, coalesce(promo.amount_minor, price_minor * promo.percent / 100))
  end;
$$;

-- The code that somebody typed, capitals and spaces aside, and what it takes off a service's price in minor units. A
-- provider's own code goes before the platform's of the same name. Raises promo_invalid for one that is unknown, not of
-- this provider or service, out of its dates, too large for the price, or used up.
create function private.promo_discount(
  typed text, service public.services, price_minor bigint, email text, out id uuid, out discount_minor bigint
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  promo public.promo_codes;
begin
  select * into promo
  from public.promo_codes c
  where c.code = upper(regexp_replace(typed, '\s', '', 'g'))
    and (c.provider_id is null or c.provider_id = service.provider_id)
    and (c.service_id is null or c.service_id = service.id)
    and c.active
    and c.valid_from <= now() and coalesce(c.valid_to, 'infinity') > now()
    and c.min_price_minor <= promo_discount.price_minor
  order by c.provider_id nulls last
  limit 1;
  if promo.id is null or not private.promo_left(promo, email) then
    perform private.fail(422, 'promo_invalid', 'promo_code');
  end if;
  id := promo.id;
  discount_minor := private.discount_of(promo, price_minor);
end;
$$;

-- Uses a code for a booking. Asked again under the code's lock: two customers cannot share the last use.
-- Raises promo_invalid.
create function private.redeem(promo uuid, b public.bookings)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  locked public.promo_codes;
begin
  select * into locked from public.promo_codes c where c.id = promo for no key update;
  if not private.promo_left(locked, b.customer_email) then
    perform private.fail(422, 'promo_invalid', 'promo_code');
  end if;
  insert into public.promo_redemptions (booking_id, promo_code_id) values (b.id, promo);
  insert into private.promo_terms (booking_id, code) values (b.id, to_jsonb(locked));
end;
$$;
