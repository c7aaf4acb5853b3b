-- Payments: money in and out, as rows before anybody is called, and a ledger whose postings sum to zero.

-- Money that came, or is to come, for a booking: one row for each checkout page. What comes twice, late for what has
-- changed, or as another sum than was asked is a row of its own, unexpected: it is not the booking's, and goes back.
create table public.payments (
  id uuid primary key default private.new_id(),
  booking_id uuid not null references public.bookings (id),
  amount_minor bigint not null constraint payments_amount_positive check (amount_minor > 0),
  currency text not null,
  status public.payment_status not null default 'open',
  -- the card network's word for the last refusal, such as insufficient_funds
  failure_code text,
  -- of its page, as the first who asked for it reads: a page asked for again is the same page
  language public.language not null default 'fr',
  stripe_session_id text unique,
  -- when its page is to be closed at Stripe, being no longer wanted; null where there is nothing to close
  close_page_at timestamptz,
  stripe_payment_intent text unique,
  created_at timestamptz not null default now(),
  succeeded_at timestamptz
);
create index payments_booking_id on public.payments (booking_id);
create index payments_pages_to_close on public.payments (close_page_at) where close_page_at is not null;
-- two open attempts would let a person pay twice
create unique index payments_one_open on public.payments (booking_id) where status = 'open';
alter table public.payments enable row level security;
create trigger audit after insert or update or delete on public.payments
  for each row execute function private.audit('id');
grant select (id, booking_id, amount_minor, currency, status, failure_code, created_at, succeeded_at)
  on public.payments to authenticated;
create policy "customers and members read their payments, staff all"
  on public.payments for select to authenticated
  using (
    booking_id in (
      select b.id
      from public.bookings b
      where b.customer_id = (select private.me()) or b.provider_id in (select private.my_providers())
    )
    or (select private.may('payments.read'))
  );

-- Money that goes back, or has gone: a row is the order, which the worker `refunds` carries out and reports; or it is
-- written when Stripe tells of money that went by another's hand (its dashboard, a disputed charge). Stripe's word
-- comes late and in any order: queued → sending → pending → succeeded → failed, never backwards. queued: not at Stripe;
-- sending: perhaps there; canceled: an order withdrawn before it was sent, or a dispute that was won.
create table public.refunds (
  id uuid primary key default private.new_id(),
  payment_id uuid not null references public.payments (id),
  booking_id uuid not null references public.bookings (id),
  amount_minor bigint not null constraint refunds_amount_positive check (amount_minor > 0),
  reason text not null,
  status public.refund_status not null default 'queued',
  -- the account of the ledger that it is taken from; suspense: money that was never the booking's
  account public.ledger_account not null default 'provider',
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  -- Stripe's id of the refund, or of the dispute
  stripe_refund_id text unique,
  error text,
  -- the failed one that it takes the place of
  replaces uuid unique references public.refunds (id),
  created_at timestamptz not null default now()
);
create index refunds_payment_id on public.refunds (payment_id);
create index refunds_booking_id on public.refunds (booking_id);
create index refunds_due on public.refunds (next_attempt_at) where status in ('queued', 'sending', 'pending');
alter table public.refunds enable row level security;
create trigger audit after insert or update or delete on public.refunds
  for each row execute function private.audit('id', 'attempts', 'next_attempt_at', 'error');
grant select (id, booking_id, amount_minor, reason, status, created_at) on public.refunds to authenticated;
create policy "customers and members read their refunds, staff all"
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
-- negative while owed), suspense (what came unexpected and is owed to who paid it). Never updated, never deleted.
create table public.ledger_entries (
  id uuid primary key default private.new_id(),
  posting_id uuid not null,
  account public.ledger_account not null,
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

-- Refuses a posting of the ledger whose entries do not sum to zero, at the end of the transaction that writes it.
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

-- Events that Stripe has told us of; the key makes a repeat do nothing. None is ever ignored: what no function
-- understands yet, or speaks of what is not here yet, waits to be applied later.
create table public.stripe_events (
  id text primary key,
  type text not null,
  -- when it happened, at Stripe
  created timestamptz not null,
  -- the event as public.apply_stripe_event takes it: no card, no name, no address
  payload jsonb not null,
  outcome text not null default '',
  received_at timestamptz not null default now(),
  -- null while it waits
  applied_at timestamptz
);
create index stripe_events_waiting on public.stripe_events (created) where applied_at is null;
create index stripe_events_object on public.stripe_events ((payload -> 'object' ->> 'id'));
alter table public.stripe_events enable row level security;

-- Writes one posting for a booking: `amount` goes to the first account and comes from the second.
create function private.post(
  b public.bookings, gets public.ledger_account, gives public.ledger_account, amount bigint, currency text
)
returns void
language sql
security definer
set search_path = ''
as $$
  with posting as (select private.new_id() as id)
  insert into public.ledger_entries (posting_id, account, provider_id, booking_id, amount_minor, currency)
  select posting.id, line.account, b.provider_id, b.id, line.amount, post.currency
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
  stripe_session_id text,
  -- of the page, and the path of the site that its payer comes back to
  language public.language,
  return_path text,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

create function private.begin_payment(booking_id uuid, manage_token text, language public.language)
returns public.payment_start
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one record;
  b public.bookings;
  pay public.payments;
  due bigint;
begin
  select * into found_one from private.find_booking(booking_id, manage_token);
  if found_one.viewer not in ('customer', 'guest') then
    perform private.fail(403, 'not_allowed');
  end if;
  if not private.in_good_standing((found_one.found_booking).provider_id) then
    perform private.fail(403, 'not_allowed', 'suspended');
  end if;
  select * into b from public.bookings x where x.id = (found_one.found_booking).id for update;
  if b.status = 'expired' or (b.status = 'held' and b.hold_expires_at <= now()) then
    perform private.fail(410, 'hold_expired', null, private.next_free(b.service_id, b.starts_at)::text);
  end if;
  due := private.amount_due(b);
  if due = 0 then
    perform private.fail(409, 'invalid_transition', b.status::text);
  end if;
  perform private.close_payments(b.id, due);
  select * into pay from public.payments p where p.booking_id = b.id and p.status = 'open';
  if not found then
    insert into public.payments (booking_id, amount_minor, currency, language)
    values (b.id, due, b.currency, coalesce(begin_payment.language, b.language))
    returning * into pay;
  elsif pay.failure_code is not null then
    -- what the last attempt came to says nothing of the one that begins now
    update public.payments p set failure_code = null where p.id = pay.id;
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
    coalesce(b.hold_expires_at, b.top_up_by), pay.stripe_session_id, pay.language,
    case pay.language when 'fr' then '' else '/' || pay.language end
      || case when b.customer_id is null then '/b/' || private.manage_token(b.id) else '/bookings/' || b.id end,
    null, null, null, null
  )::public.payment_start;
end;
$$;

-- Starts, or takes up again, what is to be paid online for a booking, for the function `checkout`: there is one payment
-- at a time, and of it one page. `language` is that of the page where there is none yet.
-- Raises not_found, not_allowed, hold_expired, invalid_transition, invalid_input, rate_limited.
create function public.begin_payment(booking_id uuid, manage_token text default null, language text default null)
returns public.payment_start
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  if manage_token is not null then
    perform private.count_call('booking_secret');
  end if;
  begin
    if language is not null and private.one_of(language, null::public.language) is null then
      perform private.fail(422, 'invalid_input', 'language');
    end if;
    return private.begin_payment(booking_id, manage_token, private.one_of(language, null::public.language));
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.payment_start, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.begin_payment(uuid, text, public.language) to anon, authenticated;
grant execute on function public.begin_payment(uuid, text, text) to anon, authenticated;

-- Ends the open payment of a booking, unless it is for `due`: its page is closed by the worker `refunds`. Money that
-- comes all the same is taken in as any other. The caller holds the booking's lock.
create function private.close_payments(booking uuid, due bigint default null)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.payments p
  set status = 'expired', close_page_at = case when p.stripe_session_id is not null then now() end
  where p.booking_id = booking and p.status = 'open' and p.amount_minor is distinct from due;
  if found then
    perform private.wake('refunds');
  end if;
end;
$$;

-- Remembers which checkout page belongs to a payment. False where the payment has ended meanwhile or has another page:
-- the function `checkout`, which calls it with the secret key, then closes the one that it has made.
create function public.attach_checkout(payment_id uuid, session_id text)
returns boolean
language sql
set search_path = ''
as $$
  with attached as (
    update public.payments p
    set stripe_session_id = session_id
    where p.id = payment_id and p.status = 'open' and coalesce(p.stripe_session_id, session_id) = session_id
    returning p.id
  )
  select exists (select from attached);
$$;
grant execute on function public.attach_checkout(uuid, text) to service_role;

-- Says that a payment's page can no longer be paid. For the functions `checkout`, where another is to be made, and
-- `refunds`.
create function public.page_closed(payment_id uuid)
returns void
language sql
set search_path = ''
as $$
  update public.payments p
  set status = case p.status when 'open' then 'expired' else p.status end, close_page_at = null
  where p.id = payment_id;
$$;
grant execute on function public.page_closed(uuid) to service_role;

-- Pages of payments that are no longer wanted, for the worker to close; each is tried again five minutes later.
create function public.claim_pages(batch int default 10)
returns table (payment_id uuid, session_id text)
language sql
set search_path = ''
as $$
  with due as (
    select p.id
    from public.payments p
    where p.close_page_at <= now()
    order by p.close_page_at
    limit batch
    for update skip locked
  )
  update public.payments p
  set close_page_at = now() + interval '5 minutes'
  from due
  where p.id = due.id
  returning p.id, p.stripe_session_id;
$$;
grant execute on function public.claim_pages(int) to service_role;

-- Workers pass the policies with the secret key, but no further than they need.
revoke all on public.payments, public.refunds, public.ledger_entries, public.stripe_events from service_role;
grant select, update on public.payments, public.refunds to service_role;
