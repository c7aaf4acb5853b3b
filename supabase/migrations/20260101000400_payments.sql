-- Payments: money in and out, as rows before anybody is called, and a ledger whose postings sum to zero.

-- One attempt to pay a booking's deposit through a checkout page.
create table public.payments (
  id uuid primary key default private.new_id(),
  booking_id uuid not null references public.bookings (id),
  amount_minor bigint not null constraint payments_amount_positive check (amount_minor > 0),
  currency text not null,
  status text not null default 'open' constraint payments_status_known check (
    status in ('open', 'succeeded', 'expired')
  ),
  -- the card network's word for the last refusal, such as insufficient_funds
  failure_code text,
  stripe_session_id text unique,
  stripe_payment_intent text unique,
  created_at timestamptz not null default now(),
  succeeded_at timestamptz
);
create index payments_booking_id on public.payments (booking_id);
-- two open attempts would let a person pay twice
create unique index payments_one_open on public.payments (booking_id) where status = 'open';
alter table public.payments enable row level security;
create trigger audit after insert or update or delete on public.payments
  for each row execute function private.audit('id');
grant select (id, booking_id, amount_minor, currency, status, failure_code, created_at, succeeded_at)
  on public.payments to authenticated;
create policy "customers and members read the payments of their bookings, staff with the right all"
  on public.payments for select to authenticated
  using (
    booking_id in (
      select b.id
      from public.bookings b
      where b.customer_id = (select private.me()) or b.provider_id in (select private.my_providers())
    )
    or (select private.may('payments.read'))
  );

-- Money to give back. A row is the order; the worker `refunds` carries it out and reports.
create table public.refunds (
  id uuid primary key default private.new_id(),
  payment_id uuid not null references public.payments (id),
  booking_id uuid not null references public.bookings (id),
  amount_minor bigint not null constraint refunds_amount_positive check (amount_minor > 0),
  reason text not null,
  status text not null default 'queued' constraint refunds_status_known check (
    status in ('queued', 'sending', 'succeeded', 'failed')
  ),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  stripe_refund_id text unique,
  error text,
  created_at timestamptz not null default now()
);
create index refunds_payment_id on public.refunds (payment_id);
create index refunds_booking_id on public.refunds (booking_id);
create index refunds_due on public.refunds (next_attempt_at) where status in ('queued', 'sending');
alter table public.refunds enable row level security;
create trigger audit after insert or update or delete on public.refunds
  for each row execute function private.audit('id', 'attempts', 'next_attempt_at', 'error');
grant select (id, booking_id, amount_minor, reason, status, created_at) on public.refunds to authenticated;
create policy "customers and members read the refunds of their bookings, staff with the right all"
  on public.refunds for select to authenticated
  using (
    booking_id in (
      select b.id
      from public.bookings b
      where b.customer_id = (select private.me()) or b.provider_id in (select private.my_providers())
    )
    or (select private.may('payments.read'))
  );

-- Double-entry book. Accounts: stripe (what Stripe holds for the platform), provider (what is owed to a provider,
-- negative while owed). Never updated, never deleted.
create table public.ledger_entries (
  id uuid primary key default private.new_id(),
  posting_id uuid not null,
  account text not null constraint ledger_entries_account_known check (account in ('stripe', 'provider')),
  provider_id uuid not null references public.providers (id),
  booking_id uuid not null references public.bookings (id),
  amount_minor bigint not null constraint ledger_entries_amount_not_zero check (amount_minor <> 0),
  currency text not null,
  created_at timestamptz not null default now()
);
create index ledger_entries_posting_id on public.ledger_entries (posting_id);
create index ledger_entries_provider_id on public.ledger_entries (provider_id);
create index ledger_entries_booking_id on public.ledger_entries (booking_id);
alter table public.ledger_entries enable row level security;
grant select on public.ledger_entries to authenticated;
create policy "owners and managers read their ledger, staff read all"
  on public.ledger_entries for select to authenticated
  using (provider_id in (select private.managed_providers()) or (select private.may('payments.read')));

create function private.check_posting()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if (select sum(amount_minor) from public.ledger_entries where posting_id = new.posting_id) <> 0 then
    raise exception 'ledger posting % does not sum to zero', new.posting_id using errcode = '23514';
  end if;
  return null;
end;
$$;
create constraint trigger posting_sums_to_zero
  after insert on public.ledger_entries
  deferrable initially deferred
  for each row execute function private.check_posting();

create trigger append_only before update or delete on public.ledger_entries
  for each row execute function private.refuse_change();
create trigger never_emptied before truncate on public.ledger_entries
  for each statement execute function private.refuse_change();
alter table public.ledger_entries enable always trigger append_only;
alter table public.ledger_entries enable always trigger never_emptied;

-- Events that Stripe has told us of; the key makes a repeat do nothing.
create table public.stripe_events (
  id text primary key,
  type text not null,
  outcome text not null default '',
  received_at timestamptz not null default now()
);
alter table public.stripe_events enable row level security;

-- Writes one posting: `amount` goes to the first account and comes from the second.
create function private.post(b public.bookings, gets text, gives text, amount bigint)
returns void
language sql
security definer
set search_path = ''
as $$
  with posting as (select private.new_id() as id)
  insert into public.ledger_entries (posting_id, account, provider_id, booking_id, amount_minor, currency)
  select posting.id, line.account, b.provider_id, b.id, line.amount, b.currency
  from posting, (values (gets, amount), (gives, -amount)) as line (account, amount);
$$;

-- The reason of the last refused attempt while the booking is still unpaid.
create function private.payment_failure(booking uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select p.failure_code
  from public.payments p
  where p.booking_id = booking
  order by p.created_at desc
  limit 1;
$$;

-- Orders money back, from the booking's payments, the latest first. Raises nothing: what cannot be covered is not
-- ordered, and the booking's own check refuses more than was paid.
create function private.request_refund(booking uuid, amount bigint, why text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  paid record;
  rest bigint := amount;
  part bigint;
begin
  for paid in
    select
      p.id,
      p.amount_minor - coalesce(
        (select sum(r.amount_minor) from public.refunds r where r.payment_id = p.id and r.status <> 'failed'), 0
      ) as left_minor
    from public.payments p
    where p.booking_id = booking and p.status = 'succeeded'
    order by p.succeeded_at desc
    for update
  loop
    part := least(rest, paid.left_minor);
    continue when part <= 0;
    insert into public.refunds (payment_id, booking_id, amount_minor, reason) values (paid.id, booking, part, why);
    rest := rest - part;
  end loop;
  update public.bookings set refund_minor = refund_minor + amount - rest where id = booking;
end;
$$;

-- Who is turned away, or left without an answer, gets everything back.
create function private.give_all_back(b public.bookings, why text)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  answer public.bookings;
begin
  if b.paid_minor > b.refund_minor then
    perform private.request_refund(b.id, b.paid_minor - b.refund_minor, why);
  end if;
  select * into answer from public.bookings x where x.id = b.id;
  return answer;
end;
$$;

-- What begin_payment answers with.
create type public.payment_start as (
  payment_id uuid,
  booking_id uuid,
  reference text,
  amount_minor bigint,
  currency text,
  customer_email text,
  description text,
  hold_expires_at timestamptz,
  stripe_session_id text
);

create function private.begin_payment(booking_id uuid, manage_token text)
returns public.payment_start
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  pay public.payments;
begin
  select * into found_one from private.find_booking(booking_id, manage_token);
  if found_one.viewer not in ('customer', 'guest') then
    perform private.fail(403, 'not_allowed');
  end if;
  select * into b from public.bookings x where x.id = (found_one.found_booking).id for update;
  if b.status = 'expired' or (b.status = 'held' and b.hold_expires_at <= now()) then
    perform private.fail(410, 'hold_expired', null, private.next_free(b.service_id, b.starts_at)::text);
  end if;
  if b.status <> 'held' then
    perform private.fail(409, 'invalid_transition', b.status);
  end if;
  select * into pay from public.payments p where p.booking_id = b.id and p.status = 'open';
  if not found then
    insert into public.payments (booking_id, amount_minor, currency)
    values (b.id, b.deposit_minor - b.paid_minor, b.currency)
    returning * into pay;
  end if;
  return (
    pay.id, b.id, b.reference, pay.amount_minor, pay.currency, b.customer_email,
    (
      select concat_ws(
        ' – ', p.name,
        case b.language when 'ar' then coalesce(s.name_ar, s.name_fr) when 'en' then coalesce(s.name_en, s.name_fr)
          else s.name_fr end
      )
      from public.services s
      join public.providers p on p.id = s.provider_id
      where s.id = b.service_id
    ),
    b.hold_expires_at, pay.stripe_session_id
  )::public.payment_start;
end;
$$;

-- Starts, or takes up again, the payment of a held booking, for the function `checkout`.
-- Raises not_found, not_allowed, hold_expired, invalid_transition.
create function public.begin_payment(booking_id uuid, manage_token text default null)
returns public.payment_start
language sql
set search_path = ''
as $$
  select private.begin_payment(booking_id, manage_token);
$$;
grant execute on function private.begin_payment(uuid, text) to anon, authenticated;
grant execute on function public.begin_payment(uuid, text) to anon, authenticated;

-- Remembers which checkout page belongs to a payment. For the function `checkout`, with the secret key.
create function public.attach_checkout(payment_id uuid, session_id text)
returns void
language sql
set search_path = ''
as $$
  update public.payments set stripe_session_id = session_id where id = payment_id and status = 'open';
$$;
grant execute on function public.attach_checkout(uuid, text) to service_role;

-- A deposit has arrived. Confirms the hold, or takes the place again if the hold lapsed and it is still free, or
-- else orders the money back. Returns what was done.
create function private.settle_payment(pay public.payments)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  s public.services;
  chosen uuid[];
  next_status text;
begin
  select * into b from public.bookings where id = pay.booking_id for update;
  select * into s from public.services where id = b.service_id;
  update public.bookings set paid_minor = paid_minor + pay.amount_minor where id = b.id returning * into b;
  perform private.post(b, 'stripe', 'provider', pay.amount_minor);
  next_status := case
    when (select approval from public.providers where id = b.provider_id) = 'automatic' then 'confirmed'
    else 'pending'
  end;
  if b.status = 'held' then
    perform private.set_status(b.id, next_status, 'system', 'paid');
    perform private.close_offer(b.waitlist_entry_id, 'accepted');
    return next_status;
  end if;
  if b.status = 'expired' and b.starts_at > now() then
    begin
      if b.session_id is null then
        chosen := private.claim_resources(
          s, private.open_resources(s, b.time_zone, b.starts_at), b.starts_at, b.time_zone, b.party_size
        );
      else
        perform private.claim_session(s, b.session_id, b.seats, b.party_size);
      end if;
      b := private.set_status(b.id, next_status, 'system', 'paid_late');
      perform private.occupy(b, s, chosen, b.seats);
      return next_status;
    exception
      when sqlstate 'PT409' then null;
    end;
  end if;
  perform private.request_refund(b.id, pay.amount_minor, 'place_lost');
  return 'refunded';
end;
$$;

create function private.apply_stripe_event(event jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  object jsonb := event -> 'object';
  kind text := event ->> 'type';
  pay public.payments;
  result text := 'ignored';
begin
  insert into public.stripe_events (id, type) values (event ->> 'id', kind) on conflict do nothing;
  if not found then
    return 'duplicate';
  end if;
  select * into pay
  from public.payments p
  where p.id::text = object -> 'metadata' ->> 'payment_id'
    or p.stripe_payment_intent = coalesce(object ->> 'payment_intent', object ->> 'id')
  for update;
  if pay.id is null then
    result := 'ignored';
  elsif kind = 'checkout.session.completed' and object ->> 'payment_status' = 'paid' then
    if (object ->> 'amount_total')::bigint <> pay.amount_minor or lower(pay.currency) <> object ->> 'currency' then
      result := 'amount_differs';
    elsif pay.status <> 'succeeded' then
      update public.payments
      set status = 'succeeded', succeeded_at = now(), failure_code = null,
        stripe_payment_intent = object ->> 'payment_intent'
      where id = pay.id
      returning * into pay;
      result := private.settle_payment(pay);
    end if;
  elsif kind = 'checkout.session.expired' and pay.status = 'open' then
    update public.payments set status = 'expired' where id = pay.id;
    result := 'expired';
  elsif kind = 'payment_intent.payment_failed' and pay.status = 'open' then
    update public.payments
    set failure_code = coalesce(
      object -> 'error' ->> 'decline_code', object -> 'error' ->> 'code', 'card_declined'
    )
    where id = pay.id;
    result := 'failed';
  end if;
  update public.stripe_events set outcome = result where id = event ->> 'id';
  return result;
end;
$$;

-- Applies one of Stripe's events, whose signature the function `stripe-webhook` has checked:
-- {"id", "type", "created", "object": {…}} with the object's fields that are read below, a failure's code and
-- decline_code under "error". Returns what was done; the same event again does nothing.
create function public.apply_stripe_event(event jsonb)
returns text
language sql
set search_path = ''
as $$
  select private.apply_stripe_event(event);
$$;
grant execute on function private.apply_stripe_event(jsonb) to service_role;
grant execute on function public.apply_stripe_event(jsonb) to service_role;

-- Hands due refunds to the worker, each leased for five minutes so that a crash loses none.
create function public.claim_refunds(batch int default 10)
returns table (id uuid, payment_intent text, amount_minor bigint, reason text)
language sql
set search_path = ''
as $$
  with due as (
    select r.id
    from public.refunds r
    where r.status in ('queued', 'sending') and r.next_attempt_at <= now()
    order by r.next_attempt_at
    limit batch
    for update skip locked
  )
  update public.refunds r
  set status = 'sending', attempts = r.attempts + 1, next_attempt_at = now() + interval '5 minutes'
  from due, public.payments p
  where r.id = due.id and p.id = r.payment_id
  returning r.id, p.stripe_payment_intent, r.amount_minor, r.reason;
$$;
grant execute on function public.claim_refunds(int) to service_role;

create function private.finish_refund(refund_id uuid, stripe_refund_id text, status text, error text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  b public.bookings;
begin
  select * into r from public.refunds x where x.id = refund_id and x.status <> 'succeeded' for update;
  if r.id is null then
    return;
  end if;
  if finish_refund.status = 'succeeded' then
    update public.refunds x
    set status = 'succeeded', stripe_refund_id = finish_refund.stripe_refund_id, error = null
    where x.id = r.id;
    select * into b from public.bookings x where x.id = r.booking_id;
    perform private.post(b, 'provider', 'stripe', r.amount_minor);
  else
    -- tried again with growing pauses, for about two days
    update public.refunds x
    set
      status = case when r.attempts >= 12 then 'failed' else 'queued' end,
      next_attempt_at = now() + make_interval(mins => least(power(2, r.attempts)::int, 360)),
      error = left(finish_refund.error, 300)
    where x.id = r.id;
  end if;
end;
$$;

-- The worker's report on a refund: status succeeded, or anything else to have it tried again.
create function public.finish_refund(
  refund_id uuid, stripe_refund_id text default null, status text default 'failed', error text default null
)
returns void
language sql
set search_path = ''
as $$
  select private.finish_refund(refund_id, stripe_refund_id, status, error);
$$;
grant execute on function private.finish_refund(uuid, text, text, text) to service_role;
grant execute on function public.finish_refund(uuid, text, text, text) to service_role;

-- Workers pass the policies with the secret key, but no further than they need.
revoke all on public.payments, public.refunds, public.ledger_entries, public.stripe_events from service_role;
grant select, update on public.payments, public.refunds to service_role;

-- Ends a request that the provider has not answered in time; nothing for another, or one that is just being answered.
create function private.lapse_request(booking uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.bookings b
  where b.id = booking and b.status = 'pending' and b.answer_by <= now()
  for update skip locked;
  if found then
    perform private.give_all_back(private.set_status(booking, 'rejected', 'system', 'no_answer'), 'no_answer');
  end if;
end;
$$;
