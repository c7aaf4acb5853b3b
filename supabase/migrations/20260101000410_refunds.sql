-- Refunds: money ordered back, carried out by a worker, and told of by Stripe in its own time and order.

-- What of a payment has not been given back, nor ordered to be.
create function private.left_of(payment public.payments)
returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select payment.amount_minor - coalesce(sum(r.amount_minor), 0)
  from public.refunds r
  where r.payment_id = payment.id and r.status not in ('failed', 'canceled');
$$;

-- Writes a refund, and where it is of the booking's own money the booking's sum. The caller holds the booking's lock.
create function private.add_refund(
  payment public.payments, amount bigint, why text, account public.ledger_account default 'provider',
  stripe_id text default null,
  status public.refund_status default 'queued', replaces uuid default null
)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  made uuid;
begin
  insert into public.refunds (
    payment_id, booking_id, amount_minor, reason, account, stripe_refund_id, status, replaces
  )
  values (payment.id, payment.booking_id, amount, why, account, stripe_id, status, replaces)
  returning id into made;
  if account = 'provider' then
    update public.bookings b set refund_minor = b.refund_minor + amount where b.id = payment.booking_id;
  end if;
  return made;
end;
$$;

-- Remembers what is owed of a payment whose money another hand took, as Stripe's object `taken_by` tells (a dispute, a
-- refund made in its dashboard): an order that is withdrawn, and made anew if that comes to nothing (see
-- private.owed_again).
create function private.remember_owed(
  payment uuid, amount bigint, why text, account public.ledger_account, taken_by text
)
returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.refunds (payment_id, booking_id, amount_minor, reason, account, status, error)
  select p.id, p.booking_id, amount, why, account, 'canceled', 'covered by ' || taken_by
  from public.payments p
  where p.id = payment;
$$;

-- True for what private.remember_owed has written, as long as it was not ordered anew; `taken_by`: of that object of
-- Stripe's.
create function private.is_owed(r public.refunds, taken_by text default null)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select r.status = 'canceled' and r.error like 'covered by %'
    and (taken_by is null or r.error = 'covered by ' || taken_by)
    and not exists (select from public.refunds y where y.replaces = r.id);
$$;

-- Stripe's object that a row tells of by its stripe_refund_id: several rows may be parts of one (see private.part_off).
create function private.stripe_object(stripe_refund_id text)
returns text
language sql
immutable
set search_path = ''
as $$
  select split_part(stripe_refund_id, ':', 1);
$$;
grant execute on function private.stripe_object(text) to service_role;

-- The money of a booking that other hands took, by Stripe's object that tells of it, less what is remembered to be owed
-- of it.
create function private.taken(booking uuid)
returns table (payment_id uuid, taken_by text, amount_minor bigint)
language sql
stable
security definer
set search_path = ''
as $$
  select t.payment_id, t.object, (t.amount_minor - o.amount_minor)::bigint
  from (
    select r.payment_id, private.stripe_object(r.stripe_refund_id) as object, sum(r.amount_minor) as amount_minor
    from public.refunds r
    where r.booking_id = booking and r.account = 'provider' and r.reason in ('disputed', 'by_platform')
      and r.status not in ('failed', 'canceled')
    group by 1, 2
  ) t
  cross join lateral (
    select coalesce(sum(x.amount_minor), 0) as amount_minor
    from public.refunds x
    where x.payment_id = t.payment_id and private.is_owed(x, t.object)
  ) o
  where t.amount_minor > o.amount_minor;
$$;

-- The sum of that of which a share would be owed if it came back, of a booking that is cancelled by its provider or
-- not.
create function private.taken_refundable(b public.bookings, by_provider boolean)
returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select greatest(
    coalesce(sum(t.amount_minor), 0)
      - case when by_provider or b.free_to_cancel then 0
          else greatest(b.forfeited_minor - private.kept(b), 0) end,
    0
  )::bigint
  from private.taken(b.id) t;
$$;

-- Orders anew what was owed of a payment whose money has come back from another hand, as far as it has: the rest is
-- owed as before.
create function private.owed_again(payment public.payments, taken_by text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  owed public.refunds;
  part bigint;
begin
  for owed in
    select *
    from public.refunds x
    where x.payment_id = payment.id and private.is_owed(x, taken_by)
    order by x.created_at, x.id
  loop
    part := private.chargeable(least(owed.amount_minor, private.left_of(payment)), payment.currency);
    continue when part <= 0;
    perform private.add_refund(payment, part, owed.reason, owed.account, replaces => owed.id);
    if part < owed.amount_minor then
      perform private.remember_owed(payment.id, owed.amount_minor - part, owed.reason, owed.account, taken_by);
    end if;
  end loop;
end;
$$;

-- Orders money back, from the booking's payments, the latest first. `later` is what is owed besides of money that other
-- hands took, if it comes back. Raises nothing: what cannot be covered is not ordered, and the booking's own check
-- refuses more than was paid.
create function private.request_refund(booking uuid, amount bigint, why text, later bigint default 0)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  paid public.payments;
  gone record;
  rest bigint := amount;
  part bigint;
begin
  for paid in
    select *
    from public.payments p
    where p.booking_id = booking and p.status = 'succeeded'
    order by p.succeeded_at desc, p.id desc
    for update
  loop
    part := private.chargeable(least(rest, private.left_of(paid)), paid.currency);
    continue when part <= 0;
    perform private.add_refund(paid, part, why);
    rest := rest - part;
  end loop;
  rest := later;
  for gone in select * from private.taken(booking) t order by t.payment_id, t.taken_by loop
    part := least(rest, gone.amount_minor);
    continue when part <= 0;
    perform private.remember_owed(gone.payment_id, part, why, 'provider', gone.taken_by);
    rest := rest - part;
  end loop;
end;
$$;

-- Pays back `percent` of what a booking that has ended has to give back, and keeps the rest for good.
create function private.pay_back(b public.bookings, by_provider boolean, percent int, why text)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  answer public.bookings;
  later bigint := private.share_of(private.taken_refundable(b, by_provider), percent, b.currency);
begin
  perform private.request_refund(
    b.id, private.share_of(private.refundable(b, by_provider), percent, b.currency), why, later
  );
  update public.bookings x
  set
    forfeited_minor =
      private.kept(x)
        + (select coalesce(sum(t.amount_minor), 0) from private.taken(x.id) t)
  where x.id = b.id
  returning * into answer;
  return answer;
end;
$$;

-- Who is turned away, or left without an answer, gets everything back.
create function private.give_all_back(b public.bookings, why text)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
begin
  return private.pay_back(b, true, 100, why);
end;
$$;

-- How far a refund has come; it only ever goes on.
create function private.refund_rank(status public.refund_status)
returns int
language sql
immutable
set search_path = ''
as $$
  select
    case status when 'queued' then 0 when 'sending' then 0 when 'pending' then 1 when 'succeeded' then 2 else 3 end;
$$;

-- Makes `amount` of a refund a row of its own, of the same object of Stripe's. Returns its id.
create function private.part_off(refund uuid, amount bigint)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  made uuid;
begin
  select * into r from public.refunds x where x.id = refund for update;
  if amount = r.amount_minor then
    return r.id;
  end if;
  update public.refunds x set amount_minor = x.amount_minor - amount where x.id = r.id;
  insert into public.refunds (
    payment_id, booking_id, amount_minor, reason, status, account, attempts, next_attempt_at, stripe_refund_id, error
  )
  values (
    r.payment_id, r.booking_id, amount, r.reason, r.status, r.account, r.attempts, r.next_attempt_at,
    private.stripe_object(r.stripe_refund_id) || ':' || private.new_id(), r.error
  )
  returning id into made;
  return made;
end;
$$;

-- Divides what went back of a payment between the booking, as far as the payment goes, and suspense: more than came may
-- go (a charge refunded and disputed), and is not the booking's. Our own orders are the booking's before what other
-- hands took. The caller holds the booking's lock.
create function private.divide(payment uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  pay public.payments;
  b public.bookings;
  part record;
  target public.ledger_account;
  moved uuid;
begin
  select * into pay from public.payments p where p.id = payment;
  select * into b from public.bookings x where x.id = pay.booking_id;
  -- out first: at no moment has more gone back of a booking than was paid for it
  foreach target in array array['suspense', 'provider']::public.ledger_account[] loop
    for part in
      select x.id, x.account, x.status, case target when 'provider' then x.own else x.amount_minor - x.own end as amount
      from (
        select r.*, greatest(
          least(sum(r.amount_minor) over before, case pay.status when 'succeeded' then pay.amount_minor else 0 end)
            - (sum(r.amount_minor) over before - r.amount_minor),
          0
        )::bigint as own
        from public.refunds r
        where r.payment_id = pay.id and r.status not in ('failed', 'canceled')
        window before as (
          -- an order that has no id yet cannot be parted; what is on its side already stays there
          order by
            r.stripe_refund_id is not null, r.reason in ('disputed', 'by_platform'), r.account = 'suspense',
            r.created_at, r.id
        )
      ) x
      where x.account <> target
    loop
      continue when part.amount <= 0;
      moved := private.part_off(part.id, part.amount);
      update public.refunds x set account = target where x.id = moved;
      update public.bookings x
      set refund_minor = x.refund_minor + case target when 'provider' then part.amount else -part.amount end
      where x.id = b.id;
      if part.status = 'succeeded' then
        perform private.post(b, target, part.account, part.amount, pay.currency);
      end if;
    end loop;
  end loop;
end;
$$;

-- Withdraws what was ordered, or remembered as owed, in the stead of an order that was given up and that Stripe has
-- made all the same: nothing goes back twice.
create function private.give_way(r public.refunds)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  pay public.payments;
  other public.refunds;
  rest bigint := r.amount_minor;
begin
  select * into pay from public.payments p where p.id = r.payment_id;
  for other in
    select *
    from public.refunds x
    where x.payment_id = r.payment_id and x.id <> r.id and x.account = r.account and x.reason = r.reason
      and (x.status = 'queued' or private.is_owed(x))
    order by x.replaces is not distinct from r.id desc, x.created_at desc, x.id desc
    for update
  loop
    exit when rest <= 0;
    if other.status = 'queued' then
      perform private.move_refund(other.id, 'canceled', null, 'gone already');
    else
      update public.refunds x set error = 'gone already' where x.id = other.id;
    end if;
    if other.amount_minor > rest and other.status = 'queued' then
      perform private.add_refund(pay, other.amount_minor - rest, other.reason, other.account);
    elsif other.amount_minor > rest then
      perform private.remember_owed(
        pay.id, other.amount_minor - rest, other.reason, other.account, replace(other.error, 'covered by ', '')
      );
    end if;
    rest := rest - least(rest, other.amount_minor);
  end loop;
end;
$$;

-- Takes a refund to another status, once: keeps Stripe's id, books what has gone and what came back, keeps the
-- booking's sum, and tells of a failure. An order that we gave up or withdrew, and of which Stripe says that it was
-- made, is taken up again: its money has gone. Returns the status, or `repeated` where it was there or further already.
create function private.move_refund(
  refund uuid, state public.refund_status, stripe_id text default null, why text default null
)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  pay public.payments;
  b public.bookings;
  given_up boolean;
begin
  select * into b
  from public.bookings x
  where x.id = (select y.booking_id from public.refunds y where y.id = refund)
  for update;
  select * into r from public.refunds x where x.id = refund for update;
  -- by us, and not by Stripe, whose last word it would be
  given_up := r.status in ('failed', 'canceled') and r.stripe_refund_id is null and stripe_id is not null
    and state in ('pending', 'succeeded');
  if given_up then
    perform private.give_way(r);
    update public.refunds x
    set status = 'sending', account = 'suspense'
    where x.id = r.id
    returning * into r;
  elsif private.refund_rank(state) <= private.refund_rank(r.status) then
    update public.refunds x set stripe_refund_id = coalesce(x.stripe_refund_id, stripe_id) where x.id = r.id;
    return 'repeated';
  end if;
  update public.refunds x
  set
    status = state, stripe_refund_id = coalesce(x.stripe_refund_id, stripe_id), error = left(why, 300),
    -- of a pending one Stripe tells by itself; looked at all the same, in case that was lost
    next_attempt_at = now() + interval '6 hours'
  where x.id = r.id;
  select * into pay from public.payments x where x.id = r.payment_id;
  if state = 'succeeded' then
    perform private.post(b, r.account, 'stripe', r.amount_minor, pay.currency);
  elsif r.status = 'succeeded' then
    perform private.post(b, 'stripe', r.account, r.amount_minor, pay.currency);
  end if;
  if state in ('failed', 'canceled') and r.account = 'provider' then
    update public.bookings x set refund_minor = x.refund_minor - r.amount_minor where x.id = b.id;
  end if;
  if given_up or state in ('failed', 'canceled') then
    perform private.divide(pay.id);
  end if;
  if state = 'failed' then
    perform private.note_finding(
      'refund_failed', r.id, jsonb_build_object('booking_id', b.id, 'amount', r.amount_minor, 'error', why)
    );
    perform private.tell_customer(
      b, 'refund_failed', private.money_words(r.amount_minor, pay.currency), 'refund_failed:' || r.id
    );
  end if;
  return state;
end;
$$;

-- Takes all that is booked of one of Stripe's objects to another status, and orders anew what was owed of money that
-- another hand had taken and that has come back. Returns what private.move_refund does.
create function private.move_object(
  payment uuid, object text, state public.refund_status, why text default null
)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  result text := 'repeated';
begin
  perform
  from public.bookings b
  where b.id = (select p.booking_id from public.payments p where p.id = payment)
  for update;
  for r in
    select *
    from public.refunds x
    where x.payment_id = payment and private.stripe_object(x.stripe_refund_id) = object
    order by x.id
  loop
    if private.move_refund(r.id, state, null, why) = state::text then
      result := state;
    end if;
  end loop;
  if result in ('failed', 'canceled') then
    perform private.owed_again((select p from public.payments p where p.id = payment), object);
  end if;
  return result;
end;
$$;

-- Makes room for money that went from a payment by another's hand: orders that are not at Stripe are withdrawn as far
-- as they can no longer be carried out, and what is left of them ordered anew (an order is never changed: Stripe may
-- have seen it). They are owed again if what took their money, `taken_by`, comes to nothing. One that is being sent
-- stays: it may have gone.
create function private.make_room(payment public.payments, amount bigint, taken_by text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  beyond bigint;
  anew bigint;
begin
  for r in
    select *
    from public.refunds x
    where x.payment_id = payment.id and x.status = 'queued' and x.stripe_refund_id is null
    order by x.created_at desc, x.id desc
    for update
  loop
    beyond := amount - private.left_of(payment);
    exit when beyond <= 0;
    perform private.move_refund(r.id, 'canceled', null, 'made room');
    anew := private.chargeable(greatest(r.amount_minor - beyond, 0), payment.currency);
    if anew > 0 then
      perform private.add_refund(payment, anew, r.reason, r.account);
    end if;
    perform private.remember_owed(payment.id, r.amount_minor - anew, r.reason, r.account, taken_by);
  end loop;
end;
$$;

-- Books money that went back from a payment without an order of ours, as Stripe's object `stripe_id` tells: a refund
-- made in its dashboard, or a disputed charge. More than the payment has left (a charge refunded and disputed) is not
-- the booking's.
create function private.gone_back(
  payment public.payments, stripe_id text, amount bigint, state public.refund_status, why text
)
returns text
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
begin
  select * into b from public.bookings x where x.id = payment.booking_id for update;
  perform from public.payments p where p.id = payment.id for update;
  if exists (select from public.refunds r where r.stripe_refund_id = stripe_id) then
    return 'repeated';
  end if;
  -- one that failed before we heard of it has changed nothing; what was told of it before comes late
  if state = 'failed' then
    perform private.add_refund(payment, amount, why, 'suspense', stripe_id, 'failed');
    return 'noted';
  end if;
  perform private.make_room(payment, amount, stripe_id);
  perform private.add_refund(payment, amount, why, 'suspense', stripe_id);
  perform private.divide(payment.id);
  perform private.move_object(payment.id, stripe_id, state);
  perform private.tell_team(
    b, case why when 'disputed' then 'payment_disputed'::public.notification_kind else 'refund_by_platform' end,
    private.money_words(amount, payment.currency), why || ':' || stripe_id
  );
  if why <> 'disputed' then
    perform private.tell_customer(
      b, 'refund_made', private.money_words(amount, payment.currency), why || ':' || stripe_id
    );
  end if;
  return state;
end;
$$;

create function private.order_refund_again(refund uuid)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  r public.refunds;
  payment public.payments;
begin
  perform from public.bookings b
    where b.id = (select x.booking_id from public.refunds x where x.id = refund) for update;
  select * into r from public.refunds x where x.id = refund and x.status = 'failed' for update;
  if not found or exists (select from public.refunds x where x.replaces = refund) then
    perform private.fail(404, 'not_found', 'refund_id');
  end if;
  select * into payment from public.payments p where p.id = r.payment_id;
  if private.left_of(payment) < r.amount_minor then
    perform private.fail(409, 'invalid_transition', 'refund_id');
  end if;
  return private.add_refund(payment, r.amount_minor, r.reason, r.account, replaces => r.id);
end;
$$;

-- Orders a refund once more that has failed for good, for operators with the secret key (an expired card: Stripe's
-- support has told where the money may go). Returns the new order's id. Raises not_found for another,
-- invalid_transition where the payment has no longer that much to give.
create function public.order_refund_again(refund_id uuid)
returns uuid
language sql
set search_path = ''
as $$
  select private.order_refund_again(refund_id);
$$;
grant execute on function private.order_refund_again(uuid) to service_role;
grant execute on function public.order_refund_again(uuid) to service_role;

-- Hands due refunds to the worker, each leased for five minutes so that a crash loses none. stripe_refund_id: Stripe
-- knows it already, and is asked how it stands.
create function public.claim_refunds(batch int default 10)
returns table (id uuid, payment_intent text, amount_minor bigint, reason text, stripe_refund_id text)
language sql
set search_path = ''
as $$
  with due as (
    select r.id
    from public.refunds r
    where r.status in ('queued', 'sending', 'pending') and r.next_attempt_at <= now()
    order by r.next_attempt_at
    limit batch
    for update skip locked
  )
  update public.refunds r
  set
    status = case r.status when 'pending' then r.status else 'sending' end, attempts = r.attempts + 1,
    next_attempt_at = now() + interval '5 minutes'
  from due, public.payments p
  where r.id = due.id and p.id = r.payment_id
  returning r.id, p.stripe_payment_intent, r.amount_minor, r.reason, private.stripe_object(r.stripe_refund_id);
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
  pay public.payments;
  state public.refund_status := case finish_refund.status
    when 'requires_action' then 'pending' when 'canceled' then 'failed'
    else private.one_of(finish_refund.status, null::public.refund_status)
  end;
  why text := coalesce(error, case when finish_refund.status = 'canceled' then 'canceled' end);
  -- one that is booked already is not this order's, whatever it carries
  made text := case
    when not exists (
      select from public.refunds x where x.stripe_refund_id = finish_refund.stripe_refund_id and x.id <> refund_id
    ) then finish_refund.stripe_refund_id
  end;
  taken_by text;
begin
  perform
  from public.bookings b
  where b.id = (select x.booking_id from public.refunds x where x.id = refund_id)
  for update;
  select * into r from public.refunds x where x.id = refund_id for update;
  if r.id is null then
    return;
  end if;
  if made is not null then
    if r.stripe_refund_id is null then
      perform private.move_refund(r.id, state, made, why);
    else
      perform private.move_object(r.payment_id, private.stripe_object(r.stripe_refund_id), state, why);
    end if;
    update public.refunds x set next_attempt_at = now() + interval '6 hours' where x.id = r.id and x.status = 'pending';
    return;
  end if;
  if finish_refund.status = 'refused' then
    -- Stripe does not have it: only what it came to else nobody knows
    update public.refunds x set status = 'queued' where x.id = r.id and x.status = 'sending';
    select * into pay from public.payments p where p.id = r.payment_id;
    select private.stripe_object(x.stripe_refund_id) into taken_by
    from public.refunds x
    where x.payment_id = pay.id and x.reason in ('disputed', 'by_platform') and x.status not in ('failed', 'canceled')
    order by x.created_at desc, x.id desc
    limit 1;
    if taken_by is not null then
      -- another hand may have taken its money while it was being sent
      perform private.make_room(pay, 0, taken_by);
    end if;
  end if;
  if r.attempts >= 12 then
    perform private.move_refund(r.id, 'failed', null, error);
  else
    -- tried again with growing pauses, for about two days
    update public.refunds x
    set
      next_attempt_at = now() + make_interval(mins => least(power(2, r.attempts)::int, 360)),
      error = left(finish_refund.error, 300)
    where x.id = r.id and x.status in ('queued', 'sending', 'pending');
  end if;
end;
$$;

-- The worker's report on a refund: Stripe's id and status where there is one by now (pending, requires_action,
-- succeeded, failed, canceled), or without an id why there is none, to have it tried again.
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

-- Turns a request down, by its provider or the system, for a reason in words. The change of a booking that was
-- confirmed comes to nothing then: it stays as it was. Where its session was called off, or it is over, all goes back,
-- as from any request that nobody accepted.
create function private.turn_down(booking uuid, acting public.booking_actor, why text, refund_reason text)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  was public.bookings;
begin
  select * into was from public.bookings x where x.id = booking for update;
  if private.put_back(was) then
    select * into b from public.bookings x where x.id = booking;
  else
    b := private.give_all_back(private.set_status(booking, 'rejected', acting, why), refund_reason);
  end if;
  perform private.offer_places(was);
  return b;
end;
$$;

-- Ends a request that the provider has not answered in time, at the latest by its start; nothing for another, or one
-- that is just being answered.
create function private.lapse_request(booking uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.bookings b
  where b.id = booking and b.status = 'pending' and private.overdue_at(b) <= now()
  for update skip locked;
  if found then
    perform private.turn_down(booking, 'system', 'no_answer', 'no_answer');
  end if;
end;
$$;
