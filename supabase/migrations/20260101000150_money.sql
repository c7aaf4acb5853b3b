-- Money: which currencies there are, how each is written, and what can be charged in it. Sums are integers in the
-- currency's smallest unit everywhere; nobody else knows how many of them make a whole one.

-- What Stripe charges: https://docs.stripe.com/currencies (least and largest charge; of a currency with three decimals
-- the last digit must be 0). Where it states no least charge, it is the worth of half a US dollar, rounded up. The site
-- takes the decimals from the runtime's own data; tests/policies/money.test.ts compares the two.
create table public.currencies (
  code text primary key constraint currencies_code_form check (code ~ '^[A-Z]{3}$'),
  -- digits after the point
  decimals int not null constraint currencies_decimals_range check (decimals between 0 and 3),
  -- least and largest single charge
  min_charge_minor bigint not null constraint currencies_min_charge_positive check (min_charge_minor > 0),
  max_charge_minor bigint not null default 99999999,
  -- what charges must be a multiple of
  charge_step_minor int not null default 1 constraint currencies_charge_step_positive check (charge_step_minor > 0),
  constraint currencies_charges_in_order check (max_charge_minor > min_charge_minor)
);
alter table public.currencies enable row level security;
grant select on public.currencies to anon, authenticated;
create policy "everyone reads the currencies"
  on public.currencies for select to anon, authenticated using (true);

insert into public.currencies (code, decimals, min_charge_minor, charge_step_minor)
values
  ('MAD', 2, 500, 1), ('EUR', 2, 50, 1), ('USD', 2, 50, 1), ('GBP', 2, 30, 1), ('CHF', 2, 50, 1), ('CAD', 2, 50, 1),
  ('AED', 2, 200, 1), ('SAR', 2, 200, 1), ('QAR', 2, 200, 1), ('EGP', 2, 2500, 1), ('DZD', 2, 7000, 1),
  ('TRY', 2, 2000, 1), ('XOF', 0, 300, 1), ('XAF', 0, 300, 1), ('JPY', 0, 50, 1), ('TND', 3, 1600, 10),
  ('KWD', 3, 160, 10), ('BHD', 3, 190, 10), ('JOD', 3, 360, 10), ('OMR', 3, 200, 10);

-- A sum as mails say it: 75.00 MAD, 500 JPY, 1.600 TND. One of a currency that is not listed is written as it was
-- counted.
create function private.money_text(minor bigint, currency text)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    (
      select to_char(
        minor / power(10::numeric, c.decimals),
        'FM999999999999990' || case when c.decimals > 0 then '.' || repeat('0', c.decimals) else '' end
      )
      from public.currencies c
      where c.code = upper(currency)
    ),
    minor::text
  ) || ' ' || upper(currency);
$$;

-- The deposit on a sum, in minor units: so many percent of it, rounded up to whole currency units (nobody asks for
-- 33.33 MAD) but never above the sum; raised to what can be charged at the least, and where the sum itself is less,
-- none is asked. One above the largest charge is given as it is: who states a price, or asks for one, refuses it.
create function private.deposit_of(total_minor bigint, percent int, currency text)
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  c public.currencies;
  unit bigint;
  deposit bigint;
begin
  select * into strict c from public.currencies x where x.code = deposit_of.currency;
  if percent = 0 or total_minor < c.min_charge_minor then
    return 0;
  end if;
  unit := power(10, c.decimals);
  deposit := least(total_minor, ceil(total_minor * percent / (100.0 * unit))::bigint * unit);
  -- the last digit of what is left of a dinar is paid on the spot
  return greatest(deposit, c.min_charge_minor) / c.charge_step_minor * c.charge_step_minor;
end;
$$;

-- What of a sum, in minor units, can be charged, or given back: all but the last digit that Stripe takes no part of.
create function private.chargeable(minor bigint, currency text)
returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    (select minor / c.charge_step_minor * c.charge_step_minor from public.currencies c
      where c.code = chargeable.currency),
    minor
  );
$$;

-- The share of a sum, in minor units, that goes back of it: so many percent, rounded up to what can be given back, and
-- never more than the sum itself.
create function private.share_of(sum_minor bigint, percent int, currency text)
returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select coalesce(
    (
      select least(
        (sum_minor * percent / 100 + c.charge_step_minor - 1) / c.charge_step_minor * c.charge_step_minor,
        private.chargeable(sum_minor, c.code)
      )
      from public.currencies c
      where c.code = share_of.currency
    ),
    sum_minor * percent / 100
  );
$$;
