-- What Stripe tells: each kind of event has one function. Money that came is booked or sent back; who must know is
-- told.

-- Sends money back that is not the booking's: it came twice, or as another sum than was asked. It waits in suspense.
create function private.return_money(
  pay public.payments, intent text, amount bigint, currency text, why text
)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  came public.payments;
begin
  select * into b from public.bookings x where x.id = pay.booking_id;
  insert into public.payments (booking_id, amount_minor, currency, status, stripe_payment_intent, succeeded_at)
  values (b.id, amount, upper(currency), 'unexpected', intent, now())
  returning * into came;
  perform private.post(b, 'stripe', 'suspense', amount, came.currency);
  perform private.add_refund(came, amount, why, 'suspense');
  perform private.note_finding(
    'money_returned', came.id,
    jsonb_build_object(
      'why', why, 'booking_id', b.id, 'came', amount, 'currency', came.currency, 'asked', pay.amount_minor
    )
  );
  perform private.tell_customer(
    b, 'payment_returned', private.money_words(amount, came.currency), 'returned:' || came.id
  );
  perform private.tell_team(b, 'late_payment', private.money_words(amount, came.currency), 'returned:' || came.id);
  return why;
end;
$$;

-- The address of who made a booking, where it is proven to be theirs: the account's, or a guest's who has followed the
-- link in its mail.
create function private.proven_address(b public.bookings)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when b.customer_id is not null then (
      select private.email(u.email) from auth.users u where u.id = b.customer_id and u.email_confirmed_at is not null
    )
    when exists (
      select from public.booking_events e where e.booking_id = b.id and e.reason = 'proven' and e.actor = 'system'
    )
      then b.customer_email
  end;
$$;

-- True where who made a booking has another of its service at that time, or of its session, that stands; `revived`: by
-- a payment that came late, since this one was made. An address that was but typed is nobody's.
create function private.has_another(b public.bookings, revived boolean)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from public.bookings x
    where x.service_id = b.service_id and x.id <> b.id and x.status in ('pending', 'confirmed', 'in_progress')
      and (x.session_id = b.session_id or (x.starts_at < b.ends_at and x.ends_at > b.starts_at))
      and (x.customer_id = b.customer_id or private.proven_address(x) = private.proven_address(b))
      and (
        not revived
        or exists (
          select
          from public.booking_events e
          where e.booking_id = x.id and e.reason = 'paid_late' and e.actor = 'system' and e.created_at > b.created_at
        )
      )
  );
$$;

-- True of a booking whose customer has deleted their account: nobody could be told of it, or leave it.
create function private.is_erased(b public.bookings)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select b.customer_id is null and b.customer_email = 'deleted@account.invalid';
$$;

-- Takes the place of a hold that lapsed again, with its code, for a payment that came late. Raises what claiming
-- raises, slot_taken where its session has moved since, who pays has booked the same anew (the page that they left is
-- still open) or has deleted their account, and promo_invalid where another has used the code up meanwhile.
create function private.revive(b public.bookings)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  s public.services;
  zone text;
  t public.sessions;
  chosen uuid[];
  code public.promo_codes;
begin
  if private.has_another(b, false) then
    perform private.fail(409, 'slot_taken', 'booked_meanwhile');
  end if;
  if private.is_erased(b) then
    perform private.fail(409, 'slot_taken', 'customer_id');
  end if;
  select * into s from public.services where id = b.service_id;
  if b.session_id is null then
    -- hours are the business's, by the clocks that it goes by now
    select p.time_zone into zone from public.providers p where p.id = b.provider_id;
    chosen := private.claim_resources(
      s, private.open_resources(s, zone, b.starts_at), b.starts_at, zone, b.party_size,
      private.period_taken(s, b.starts_at, b.ends_at)
    );
  else
    t := private.claim_session(s, b.session_id, b.seats, b.party_size);
    if t.starts_at <> b.starts_at then
      perform private.fail(409, 'slot_taken', 'session_id');
    end if;
  end if;
  select c.* into code
  from public.promo_redemptions r
  join public.promo_codes c on c.id = r.promo_code_id
  where r.booking_id = b.id
  for no key update of c;
  if found and not private.promo_left(code, b.customer_email) then
    perform private.fail(422, 'promo_invalid', 'promo_code');
  end if;
  b := private.set_status(b.id, private.status_when_booked(b), 'system', 'paid_late');
  perform private.occupy(b, chosen, private.period_taken(s, b.starts_at, b.ends_at));
  return b.status;
end;
$$;

-- A deposit has arrived. Confirms the hold or the larger party, or takes the place of a hold that lapsed again if it is
-- still free, or else orders the money back: whatever the reason, it never fails for one of ours. Returns what was
-- done.
create function private.settle_payment(pay public.payments)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  wanted bigint;
begin
  select * into b from public.bookings where id = pay.booking_id for update;
  -- what one person pays for comes one after the other: the second sees what the first has made
  perform pg_advisory_xact_lock(hashtextextended('pays ' || coalesce(b.customer_id::text, b.customer_email), 0));
  -- a larger party is paid for in time as long as it has not gone back
  wanted := case
    when b.status = 'expired' or b.top_up_by is not null
      then private.chargeable(b.deposit_minor - private.kept(b), b.currency)
    else private.amount_due(b)
  end;
  update public.bookings set paid_minor = paid_minor + pay.amount_minor where id = b.id returning * into b;
  perform private.post(b, 'stripe', 'provider', pay.amount_minor, pay.currency);
  begin
    -- who is suspended can make no new promise
    if pay.amount_minor <> wanted
      or not private.in_good_standing(b.provider_id)
      or exists (select from public.sessions t where t.id = b.session_id and not t.active)
      -- booked anew when the hold before had lapsed, which was paid after all
      or (b.status = 'held' and private.has_another(b, true))
    then
      perform private.fail(409, 'invalid_transition', b.status::text);
    end if;
    if b.status = 'held' then
      b := private.set_status(b.id, private.status_when_booked(b), 'system', 'paid');
      perform private.close_offer(b.waitlist_entry_id, 'accepted');
    elsif b.status = 'expired' then
      return private.revive(b);
    else
      update public.bookings x
      set top_up_by = null, before_change = case when private.stands_at(b) is not null then x.before_change end
      where x.id = b.id;
    end if;
    perform private.close_payments(b.id);
    return b.status;
  exception
    when others then
      if sqlstate not like 'PT4__' then
        raise;
      end if;
  end;
  select * into b from public.bookings where id = pay.booking_id;
  perform private.request_refund(b.id, pay.amount_minor, 'place_lost');
  if b.status in ('expired', 'cancelled', 'rejected') then
    perform private.tell_customer(
      b, 'place_lost', private.money_words(pay.amount_minor, pay.currency) || private.other_times(b),
      'place_lost:' || pay.id
    );
  else
    perform private.tell_customer(
      b, 'payment_returned', private.money_words(pay.amount_minor, pay.currency), 'place_lost:' || pay.id
    );
  end if;
  perform private.tell_team(
    b, 'late_payment', private.money_words(pay.amount_minor, pay.currency), 'place_lost:' || pay.id
  );
  return 'refunded';
end;
$$;

-- Takes in money that came for a payment (`amount` in minor units, `intent` Stripe's id of it): several events tell of
-- the same. Returns what was done, or `waiting` where the payment is not known here (yet).
create function private.receive_money(payment text, session text, intent text, amount bigint, currency text)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  pay public.payments;
begin
  if intent is null then
    return 'waiting';
  end if;
  -- a booking is locked before its payments
  perform
  from public.bookings b
  where b.id = (select p.booking_id from public.payments p where p.id::text = payment)
  for update;
  select * into pay from public.payments p where p.id::text = payment for update;
  if exists (select from public.payments p where p.stripe_payment_intent = intent) then
    return 'repeated';
  end if;
  if pay.id is null or coalesce(amount, 0) <= 0 then
    return 'waiting';
  end if;
  if amount is distinct from pay.amount_minor or upper(currency) is distinct from pay.currency then
    return private.return_money(pay, intent, amount, currency, 'amount_differs');
  end if;
  if pay.status = 'succeeded' then
    return private.return_money(pay, intent, amount, currency, 'paid_twice');
  end if;
  update public.payments p
  set
    status = 'succeeded', succeeded_at = now(), failure_code = null, stripe_payment_intent = intent,
    stripe_session_id = coalesce(p.stripe_session_id, session), close_page_at = null
  where p.id = pay.id
  returning * into pay;
  return private.settle_payment(pay);
end;
$$;

-- A payment that was refused, or whose page has ended: `ended` closes it, so that another may begin.
create function private.payment_refused(object jsonb, ended boolean)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  pay public.payments;
begin
  select * into pay from public.payments p where p.id::text = object -> 'metadata' ->> 'payment_id' for update;
  if pay.id is null then
    return 'waiting';
  end if;
  -- a page that was replaced ends without a word on the one that took its place
  if ended and pay.stripe_session_id is distinct from object ->> 'id' then
    return 'replaced';
  end if;
  update public.payments p
  set
    status = case when ended and p.status = 'open' then 'expired' else p.status end,
    close_page_at = case when not ended then p.close_page_at end,
    failure_code = case
      when p.status <> 'open' or object -> 'error' is null or jsonb_typeof(object -> 'error') = 'null'
        then p.failure_code
      else coalesce(object -> 'error' ->> 'decline_code', object -> 'error' ->> 'code', 'card_declined')
    end
  where p.id = pay.id;
  return case when ended then 'expired' else 'failed' end;
end;
$$;

-- What of Stripe's object `object` is booked for a payment: all that ever was, and what of it has not come back.
create function private.booked(payment uuid, object text, out ever bigint, out still bigint)
language sql
stable
security definer
set search_path = ''
as $$
  select sum(r.amount_minor), sum(r.amount_minor) filter (where r.status not in ('failed', 'canceled'))
  from public.refunds r
  where r.payment_id = payment and private.stripe_object(r.stripe_refund_id) = object;
$$;

-- Why nobody can say what an event about money that goes, or comes back, stands for; null where it is clear: money has
-- a sum, in the currency that it came in, and what is booked of it already is the same sum.
create function private.unclear(pay public.payments, object jsonb, ever bigint default null)
returns text
language sql
immutable
set search_path = ''
as $$
  select 'not_understood: ' || case
    when coalesce((object ->> 'amount')::bigint, 0) <= 0 then 'it names no sum'
    when upper(object ->> 'currency') <> pay.currency then 'its currency is not that of the payment'
    when (object ->> 'amount')::bigint <> ever then 'its sum is not the one that is booked'
  end;
$$;

-- Stripe's word on a refund: of our order, by its id or by the order's id that it carries; or one made by another's
-- hand. What it carries is no proof: it is our order's if it is of its payment, and of its sum.
create function private.refund_told(object jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  pay public.payments;
  state public.refund_status := case object ->> 'status'
    when 'requires_action' then 'pending' when 'canceled' then 'failed'
    else private.one_of(object ->> 'status', null::public.refund_status)
  end;
  ever bigint;
begin
  if state is null or state not in ('pending', 'succeeded', 'failed') then
    return 'waiting';
  end if;
  select * into pay from public.payments p where p.stripe_payment_intent = object ->> 'payment_intent';
  if pay.id is null then
    return coalesce(private.unclear(null, object), 'waiting');
  end if;
  perform from public.bookings b where b.id = pay.booking_id for update;
  ever := (private.booked(pay.id, object ->> 'id')).ever;
  if private.unclear(pay, object, ever) is not null then
    return private.unclear(pay, object, ever);
  end if;
  if ever is not null then
    return private.move_object(pay.id, object ->> 'id', state, object -> 'error' ->> 'code');
  end if;
  select * into r
  from public.refunds x
  where x.payment_id = pay.id and x.stripe_refund_id is null and x.id::text = object -> 'metadata' ->> 'refund_id'
    and x.amount_minor = (object ->> 'amount')::bigint
    -- what is but remembered was never sent
    and coalesce(x.error, '') not like 'covered by %';
  if r.id is not null then
    return private.move_refund(r.id, state, object ->> 'id', object -> 'error' ->> 'code');
  end if;
  return private.gone_back(pay, object ->> 'id', (object ->> 'amount')::bigint, state, 'by_platform');
end;
$$;

-- A charge that its holder disputes at the bank: the money goes at once (withdrawn), and comes back if the dispute is
-- won, or a part of it.
create function private.dispute_told(kind text, object jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  pay public.payments;
  r public.refunds;
  amount bigint;
  part bigint;
  booked record;
begin
  select * into pay from public.payments p where p.stripe_payment_intent = object ->> 'payment_intent';
  if pay.id is null then
    return 'waiting';
  end if;
  if kind = 'charge.dispute.created' then
    perform private.note_finding(
      'dispute_open', pay.id, jsonb_build_object('dispute', object ->> 'id', 'booking_id', pay.booking_id)
    );
    return 'disputed';
  end if;
  if kind not in ('charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated') then
    return 'noted';
  end if;
  perform from public.bookings b where b.id = pay.booking_id for update;
  booked := private.booked(pay.id, object ->> 'id');
  if kind = 'charge.dispute.funds_withdrawn' then
    return coalesce(
      private.unclear(pay, object, booked.ever),
      private.gone_back(pay, object ->> 'id', (object ->> 'amount')::bigint, 'succeeded', 'disputed')
    );
  end if;
  if private.unclear(pay, object) is not null then
    return private.unclear(pay, object);
  end if;
  amount := (object ->> 'amount')::bigint;
  if booked.ever is null then
    return 'waiting';
  end if;
  if booked.still is null then
    return 'repeated';
  end if;
  if amount > booked.still then
    return 'not_understood: more has come back than was taken';
  end if;
  if amount = booked.still then
    perform private.move_object(pay.id, object ->> 'id', 'canceled', 'won');
    return 'reinstated';
  end if;
  for r in
    select *
    from public.refunds x
    where x.payment_id = pay.id and private.stripe_object(x.stripe_refund_id) = object ->> 'id'
      and x.status not in ('failed', 'canceled')
    -- what is nobody's first
    order by x.account = 'provider', x.id
  loop
    part := least(amount, r.amount_minor);
    continue when part <= 0;
    perform private.move_refund(private.part_off(r.id, part), 'canceled', null, 'won');
    amount := amount - part;
  end loop;
  perform private.owed_again(pay, object ->> 'id');
  return 'reinstated';
end;
$$;

-- The one function of each kind of event. Returns what was done; `waiting` where it speaks of what is not here yet, and
-- `not_understood` for a kind that no function takes, or with the reason in words: all are tried again later.
create function private.understand(kind text, object jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
begin
  case
    when kind in ('checkout.session.completed', 'checkout.session.async_payment_succeeded') then
      if object ->> 'payment_status' is distinct from 'paid' then
        -- a method that takes days: async_payment_succeeded or async_payment_failed follows
        return 'processing';
      end if;
      return private.receive_money(
        object -> 'metadata' ->> 'payment_id', object ->> 'id', object ->> 'payment_intent',
        (object ->> 'amount')::bigint, object ->> 'currency'
      );
    when kind = 'payment_intent.succeeded' then
      return private.receive_money(
        object -> 'metadata' ->> 'payment_id', null, object ->> 'id', (object ->> 'amount')::bigint,
        object ->> 'currency'
      );
    when kind = 'payment_intent.payment_failed' then
      return private.payment_refused(object, false);
    when kind in ('checkout.session.expired', 'checkout.session.async_payment_failed') then
      return private.payment_refused(object, true);
    when kind in ('refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated') then
      return private.refund_told(object);
    when kind like 'charge.dispute.%' then
      return private.dispute_told(kind, object);
    -- no news: the charge's own story, which its intent, refunds and disputes tell, and the objects around it
    when kind in (
      'charge.succeeded', 'charge.failed', 'charge.pending', 'charge.captured', 'charge.updated', 'charge.refunded',
      'charge.expired', 'payment_intent.created', 'payment_intent.processing', 'payment_intent.requires_action',
      'payment_intent.canceled', 'payment_intent.amount_capturable_updated', 'balance.available',
      'payment_method.attached', 'payment_method.updated', 'payment_method.detached', 'customer.created',
      'customer.updated', 'customer.deleted', 'product.created', 'product.updated', 'price.created', 'price.updated'
    ) then
      return 'noted';
    else
      return 'not_understood';
  end case;
end;
$$;

-- Applies one event that is stored, or leaves it waiting with the reason. Its row is locked. Raises what is no business
-- of ours (a lost connection, a deadlock), so that Stripe sends it again.
create function private.apply_stored_event(event text)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  e public.stripe_events;
  result text;
begin
  select * into e from public.stripe_events x where x.id = event for update;
  if e.applied_at is not null then
    return 'duplicate';
  end if;
  begin
    result := private.understand(e.type, e.payload -> 'object');
  exception
    when others then
      -- rules of ours and of the tables: a fault, to be looked at; the money is not forgotten for it
      if sqlstate not like 'PT4__' and sqlstate not like '22___' and sqlstate not like '23___' then
        raise;
      end if;
      result := 'refused: ' || sqlstate || ' ' || sqlerrm;
  end;
  if result like 'refused: %' or result like 'not_understood: %' then
    perform private.note_finding(
      'event_waiting', md5(e.id)::uuid, jsonb_build_object('event', e.id, 'type', e.type, 'outcome', result)
    );
  end if;
  update public.stripe_events x
  set
    outcome = result,
    applied_at = case
      when result <> 'waiting' and result not like 'not_understood%' and result not like 'refused: %' then now()
    end
  where x.id = e.id;
  return result;
end;
$$;

-- Tries the events that wait once more, in the order in which they happened, each in itself; of one payment where
-- `intent` is given. Returns how many were applied.
create function private.replay_stripe_events(intent text default null)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  waiting text;
  applied int := 0;
begin
  for waiting in
    select e.id
    from public.stripe_events e
    where e.applied_at is null
      and (intent is null or intent in (e.payload -> 'object' ->> 'payment_intent', e.payload -> 'object' ->> 'id'))
    order by e.created, e.id
    for update skip locked
  loop
    perform private.apply_stored_event(waiting);
    if exists (select from public.stripe_events e where e.id = waiting and e.applied_at is not null) then
      applied := applied + 1;
    end if;
  end loop;
  return applied;
end;
$$;

create function private.apply_stripe_event(event jsonb)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  result text;
begin
  insert into public.stripe_events (id, type, created, payload)
  values (event ->> 'id', event ->> 'type', to_timestamp((event ->> 'created')::bigint), event)
  on conflict do nothing;
  result := private.apply_stored_event(event ->> 'id');
  -- refunds and disputes that were told of before the money itself
  if event -> 'object' ->> 'payment_intent' is not null
    and result not in ('duplicate', 'repeated', 'waiting', 'noted')
  then
    perform private.replay_stripe_events(event -> 'object' ->> 'payment_intent');
  end if;
  return result;
end;
$$;

-- Applies one of Stripe's events, whose signature the function `stripe-webhook` has checked:
-- {"id", "type", "created", "object": {…}} with the object's fields as supabase/functions/stripe-webhook/event.ts names
-- them. Returns what was done; the same event again does nothing.
create function public.apply_stripe_event(event jsonb)
returns text
language sql
set search_path = ''
as $$
  select private.apply_stripe_event(event);
$$;
grant execute on function private.apply_stripe_event(jsonb) to service_role;
grant execute on function public.apply_stripe_event(jsonb) to service_role;
