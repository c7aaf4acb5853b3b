-- Changes of a booking: what it comes to with another number of people or in another place, the money that goes with
-- it, and the way back where a change comes to nothing.
--
-- The money of a booking, in minor units:
-- · paid_minor is all that came, refund_minor what went back or is ordered to. What is kept is the difference.
-- · Of that, forfeited_minor is what the policy has kept for good: each time money is given up, a share of it goes back
--   and the rest is forfeited. It still counts for those who come, but is never shared again: however many steps a
--   booking is given up in, no more comes back than at once. Only where the provider lets the customer down does it go
--   back too.
-- · What is agreed stays agreed. People who are added cost what they cost today, and those who stay what they cost
--   before; fewer cost their share. More people never cost less, fewer never more, and nobody who comes with fewer is
--   asked for money. Only a place that costs something else than the one left is priced anew.
-- · A change that has to be paid or accepted first is not settled: before_change says what the booking is else, the
--   last that was paid for and, within that, the last that was accepted. Their places are kept for it until then
--   (private.occupy, private.session_claims), so that it goes back to these as they were; and it is priced from what
--   was paid for last. At the price that it had, and nothing is asked anew.
-- · What a change that has to be accepted gives up goes back, or is forfeited, when it is accepted, by the terms of the
--   day on which it was asked for: until then it has given up nothing. Fewer people at the same time need nobody to
--   accept them.

-- A booking as it stands, for the way back: columns of public.bookings; "payments", by id, that had come; and of
-- resources that it takes "resources" and "period", which follow the clocks (private.on_clocks).
create function private.as_it_stood(b public.bookings)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'status', b.status, 'starts_at', b.starts_at, 'ends_at', b.ends_at, 'local_starts_at', b.local_starts_at,
      'time_zone', b.time_zone, 'session_id', b.session_id, 'party_size', b.party_size, 'price_minor', b.price_minor,
      'discount_minor', b.discount_minor, 'deposit_minor', b.deposit_minor, 'paid_minor', b.paid_minor,
      'forfeited_minor', b.forfeited_minor, 'refund_cap_percent', b.refund_cap_percent,
      'free_to_cancel', b.free_to_cancel, 'before_change', b.before_change,
      'payments', (
        select coalesce(jsonb_agg(p.id), '[]')
        from public.payments p
        where p.booking_id = b.id and p.status = 'succeeded'
      ),
      'resources', coalesce(jsonb_agg(distinct o.resource_id), '[]'),
      'period', range_merge(range_agg(o.period))
    )
    from public.occupancies o
    where o.booking_id = b.id and not o.kept
  );
end;
$$;

-- What a booking goes back to, taken down before a zone's rules changed, by the clocks of a zone as they are now.
create function private.on_clocks(stood jsonb, zone text)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  promised timestamp := (stood ->> 'local_starts_at')::timestamp;
  at timestamptz := private.to_instant(promised, zone, 'edge');
  shift interval := at - (stood ->> 'starts_at')::timestamptz;
  period tstzrange := (stood ->> 'period')::tstzrange;
begin
  if coalesce(jsonb_typeof(stood), 'null') = 'null' then
    return stood;
  end if;
  -- a time that clocks show twice stays the one it was
  if private.to_local((stood ->> 'starts_at')::timestamptz, zone) = promised then
    shift := interval '0';
  end if;
  return stood || jsonb_build_object(
    'time_zone', zone,
    'starts_at', (stood ->> 'starts_at')::timestamptz + shift,
    'ends_at', (stood ->> 'ends_at')::timestamptz + shift,
    'local_starts_at', private.to_local((stood ->> 'starts_at')::timestamptz + shift, zone),
    'period', tstzrange(lower(period) + shift, upper(period) + shift),
    'before_change', private.on_clocks(stood -> 'before_change', zone)
  );
end;
$$;

-- What waits for no money any more, and was paid for, goes back to what was accepted alone; what that had given up is
-- so no longer.
create function private.keep_way_back()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.top_up_by is null and new.before_change ->> 'status' = 'pending' then
    new.before_change := nullif(new.before_change -> 'before_change', 'null') - 'returns';
  end if;
  return new;
end;
$$;
create trigger keep_way_back before update of top_up_by, before_change on public.bookings
  for each row execute function private.keep_way_back();

-- Gives back and keeps what an accepted change has given up: `returns` is {"share"}, in percent, of the day on which
-- it was asked for. It is a share of what is there when it is accepted: disputes and refunds may have come between.
-- Nothing where there is none.
create function private.carry_out(booking uuid, returns jsonb)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  given record;
begin
  if coalesce(jsonb_typeof(returns), 'null') = 'null' then
    return;
  end if;
  select * into b from public.bookings x where x.id = booking;
  given := private.given_up(b, (returns ->> 'share')::int);
  update public.bookings x set forfeited_minor = given.forfeited_minor where x.id = booking;
  perform private.request_refund(booking, given.surplus_minor, 'party_changed', given.later_minor);
end;
$$;

-- True where a change has to be accepted by a provider who accepts each request: a customer's, of what was accepted, to
-- another time or to more people. Raises invalid_transition (unpaid) where what was accepted last is to be paid first:
-- it would be neither what it goes back to unpaid, nor what it goes back to else.
create function private.asks_again(b public.bookings, acting public.booking_actor, moving boolean, party int)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  asks boolean := acting = 'customer' and b.status = 'confirmed' and (moving or party > b.party_size)
    and (select p.approval from public.providers p where p.id = b.provider_id) = 'manual';
begin
  if asks and b.top_up_by is not null then
    perform private.fail(409, 'invalid_transition', 'unpaid');
  end if;
  return asks;
end;
$$;

-- What of that changes where a provider accepts a booking whose larger party is not paid for yet: it is confirmed,
-- where it is now, and unpaid it gives up what was given up before. What is dearer for its seats has not left those
-- that it had.
create function private.accepted_place(b public.bookings)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'status', 'confirmed', 'before_change', null, 'returns', b.before_change #> '{before_change,returns}'
  ) || case
    when b.seats is not null then '{}'
    else jsonb_build_object(
      'starts_at', b.starts_at, 'ends_at', b.ends_at, 'local_starts_at', b.local_starts_at, 'time_zone', b.time_zone,
      'session_id', b.session_id, 'resources', '[]'::jsonb, 'period', null
    )
  end;
$$;

-- Of a change that its provider has not accepted, to a booking that was confirmed: when that starts, its session being
-- where it is now. Null for another.
create function private.stands_at(b public.bookings)
returns timestamptz
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  stood jsonb := private.accepted(b);
begin
  return coalesce(
    (select t.starts_at from public.sessions t where t.id = (stood ->> 'session_id')::uuid),
    (stood ->> 'starts_at')::timestamptz
  );
end;
$$;

-- What a booking has paid beyond its deposit, shared at `share` percent: what goes back now, what would of money that
-- other hands took, and what is forfeited then, with what was before.
create function private.given_up(
  b public.bookings, share int, out surplus_minor bigint, out later_minor bigint, out forfeited_minor bigint
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  kept bigint := private.kept(b);
  surplus bigint := greatest(kept - b.forfeited_minor - b.deposit_minor, 0);
  in_all bigint := greatest(
    kept + (select coalesce(sum(t.amount_minor), 0) from private.taken(b.id) t) - b.forfeited_minor - b.deposit_minor, 0
  );
begin
  surplus_minor := private.share_of(surplus, share, b.currency);
  later_minor := private.share_of(in_all - surplus, share, b.currency);
  forfeited_minor := b.forfeited_minor + in_all - surplus_minor - later_minor;
end;
$$;

-- What a booking comes to for `party` people, its start and session being the new ones already; `was` is the booking
-- before. Answers with the booking as it is to be written, and of the money that it needs no longer what goes back now,
-- and what would of money that other hands took, if that comes back: as the policy gives it, all of it where the
-- provider asks for the change; `share` is how much that is, in percent. `requested`: it has to be accepted (or is the
-- change of one that has), and all of that is against what was accepted. A customer whose deposit grows has half an
-- hour to pay the rest, or the change is undone; what is too little to charge, and what grows by the provider's wish,
-- is paid at the place. To what the provider wishes the customer has not agreed, more people or fewer, and may cancel
-- with everything back. Raises party_size for a deposit that is more than can be charged.
create function private.reprice(
  inout b public.bookings, was public.bookings, party int, by_provider boolean, requested boolean,
  out surplus_minor bigint, out later_minor bigint, out share int
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  -- what was not paid in time to come has changed nothing
  agreed public.bookings := case
    when was.top_up_by is null then was else jsonb_populate_record(was, was.before_change)
  end;
  agreed_total bigint := agreed.price_minor - agreed.discount_minor;
  s public.services;
  today bigint;
  otherwise boolean := false;
  total bigint;
  kept bigint := private.kept(b);
  missing bigint;
  priced boolean := party <> was.party_size or b.session_id is distinct from was.session_id;
begin
  surplus_minor := 0;
  later_minor := 0;
  if not priced and not requested then
    return;
  end if;
  share := private.refund_share(was, by_provider);
  if not priced then
    if b.top_up_by is null then
      select * into surplus_minor, later_minor, b.forfeited_minor from private.given_up(b, share);
    end if;
    return;
  end if;
  select * into s from public.services x where x.id = b.service_id;
  if b.session_id is distinct from agreed.session_id then
    today := private.price_of(s, b.session_id, b.seats, party);
    otherwise := today is distinct from private.price_of(s, agreed.session_id, b.seats, party);
  end if;

  b.price_minor := case
    when otherwise and by_provider then least(today, agreed.price_minor)
    when otherwise then today
    when s.price_per <> 'person' then agreed.price_minor
    when party >= agreed.party_size then agreed.price_minor + s.price_minor * (party - agreed.party_size)
    else agreed.price_minor * party / agreed.party_size
  end;
  -- the code that it used goes on holding for it, whatever has become of it for others
  total := b.price_minor - coalesce(
    (
      select private.discount_of(jsonb_populate_record(null::public.promo_codes, t.code), b.price_minor)
      from private.promo_terms t
      where t.booking_id = b.id
    ),
    0
  );
  total := case
    when otherwise and not by_provider then total
    when party = agreed.party_size and not otherwise then agreed_total
    when party > agreed.party_size then greatest(least(total, b.price_minor - agreed.discount_minor), agreed_total)
    else least(total, agreed_total)
  end;
  b.discount_minor := b.price_minor - total;
  if by_provider then
    -- nobody has agreed to it: it may be declined
    b.free_to_cancel := true;
    b.refund_cap_percent := 100;
  end if;
  b.deposit_minor := private.deposit_of(total, s.deposit_percent, b.currency);
  b.deposit_minor := case
    when otherwise and not by_provider then b.deposit_minor
    when party = agreed.party_size and not otherwise then agreed.deposit_minor
    when party > agreed.party_size and not by_provider then greatest(b.deposit_minor, agreed.deposit_minor)
    else least(b.deposit_minor, agreed.deposit_minor)
  end;
  if b.deposit_minor > (select c.max_charge_minor from public.currencies c where c.code = b.currency) then
    perform private.fail(422, 'party_size', 'party_size');
  end if;
  if b.status = 'held' then
    return;
  end if;

  missing := b.deposit_minor - greatest(kept, agreed.deposit_minor);
  b.top_up_by := null;
  if missing > 0 and (
    by_provider or missing < (select c.min_charge_minor from public.currencies c where c.code = b.currency)
  ) then
    b.deposit_minor := case when requested then greatest(kept, agreed.deposit_minor) else agreed.deposit_minor end;
  elsif missing > 0 then
    b.deposit_minor := kept + missing;
    b.top_up_by := coalesce(was.top_up_by, least(now() + interval '30 minutes', b.starts_at));
  elsif requested or b.deposit_minor < agreed.deposit_minor then
    select * into surplus_minor, later_minor, b.forfeited_minor from private.given_up(b, share);
  end if;
end;
$$;

-- Brings the money of a booking in line with a new price: orders back what is too much (see private.request_refund),
-- ends a payment that was begun for another sum, and confirms a hold that has nothing left to pay, once its guest is
-- proven.
create function private.even_out(b public.bookings, surplus_minor bigint, later_minor bigint)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  answer public.bookings;
begin
  if surplus_minor > 0 or later_minor > 0 then
    perform private.request_refund(b.id, surplus_minor, 'party_changed', later_minor);
  end if;
  select * into answer from public.bookings x where x.id = b.id;
  perform private.close_payments(b.id, private.amount_due(answer));
  if answer.status = 'held' and answer.waitlist_entry_id is null and private.amount_due(answer) = 0
    and not private.must_prove(answer)
  then
    answer := private.set_status(answer.id, private.status_when_booked(answer), 'system');
  end if;
  return answer;
end;
$$;

-- True where a guest's hold with nothing to pay has to be proven first. One that was to be paid until now is counted
-- like one that is made so, and gets its mail.
create function private.must_prove(b public.bookings)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
begin
  if not private.waits_for_proof(b) or b.paid_minor > 0 then
    return false;
  end if;
  if exists (select from private.bearer_secrets s where s.subject_id = b.id and s.purpose = 'prove_booking') then
    return true;
  end if;
  if not private.needs_proof(
    (b.customer_name, b.customer_email, b.customer_phone, b.language)::private.contact, b.provider_id
  ) then
    return false;
  end if;
  perform private.count_call('guest_hold_email', private.contact_key(b.customer_email));
  perform private.give_secret('prove_booking', b.id, private.proof_token(b.id), b.ends_at);
  insert into public.booking_events (booking_id, from_status, to_status, actor, reason)
  values (b.id, b.status, b.status, 'system', 'proof_wanted');
  return true;
end;
$$;

-- What a booking becomes once nothing is missing any more: no deposit, no proof, no word of who was offered it.
create function private.status_when_booked(b public.bookings)
returns public.booking_status
language sql
stable
security definer
set search_path = ''
as $$
  select case p.approval when 'automatic' then 'confirmed'::public.booking_status else 'pending' end
  from public.providers p
  where p.id = b.provider_id;
$$;

-- Gives a party of a table service that is smaller again the tables that it had at this time, else those of its own
-- that seat it.
create function private.take_fewer(b public.bookings, stood jsonb)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  has uuid[];
  whole tstzrange;
  chosen uuid[] := array(select jsonb_array_elements_text(stood -> 'resources')::uuid);
  s public.services;
begin
  select array_agg(distinct o.resource_id), range_merge(range_agg(o.period)) into has, whole
  from public.occupancies o
  where o.booking_id = b.id and not o.kept;
  -- it may last longer by now
  if chosen = '{}' or not (stood ->> 'period')::tstzrange @> whole then
    select * into s from public.services x where x.id = b.service_id;
    chosen := private.choose_resources(s, has, b.starts_at, b.time_zone, (stood ->> 'party_size')::int, b.id);
  end if;
  if b.mode = 'table' and chosen is not null then
    perform private.occupy(b, chosen, whole, true);
  end if;
end;
$$;

-- What is still here of the money that came after a booking stood so, in minor units, and what of that other hands have
-- taken.
create function private.paid_since(b public.bookings, stood jsonb, out here bigint, out taken bigint)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  came uuid[] := array(
    select p.id
    from public.payments p
    where p.booking_id = b.id and p.status = 'succeeded' and not stood -> 'payments' ? p.id::text
  );
begin
  here := least(
    (select coalesce(sum(private.left_of(p)), 0) from public.payments p where p.id = any (came)), private.kept(b)
  );
  taken := (select coalesce(sum(t.amount_minor), 0) from private.taken(b.id) t where t.payment_id = any (came));
end;
$$;

-- A booking as it is if a change of it that is not settled comes to nothing: as it was accepted last, at the price that
-- it had. `lapsed`: the rest of its deposit is not paid, so it is what was paid for last, at the time that it has now;
-- but for its seats, which are dearer for their place alone. A session that its provider has moved meanwhile is another
-- time than was accepted, as for all who are booked there. Null where there is no such change, the session is called
-- off, or the time is over (`lapsed`: has come). Of the money it says what was agreed, not what goes back.
create function private.undone(b public.bookings, lapsed boolean default false)
returns public.bookings
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  stood jsonb := case when not lapsed then private.accepted(b) when b.top_up_by is not null then b.before_change end;
  old public.bookings := jsonb_populate_record(b, stood);
  t public.sessions;
begin
  if stood is null then
    return null;
  end if;
  if lapsed and b.seats is null then
    old := b;
    old.party_size := (stood ->> 'party_size')::int;
    old.price_minor := (stood ->> 'price_minor')::bigint;
    old.discount_minor := (stood ->> 'discount_minor')::bigint;
    old.deposit_minor := (stood ->> 'deposit_minor')::bigint;
    old.forfeited_minor := (stood ->> 'forfeited_minor')::bigint;
  elsif b.session_id is not null then
    select * into t from public.sessions x where x.id = old.session_id;
    if not t.active then
      return null;
    end if;
    old.starts_at := t.starts_at;
    old.ends_at := t.ends_at;
    old.local_starts_at := t.local_starts_at;
    if private.was_moved(t, stood) then
      old.free_to_cancel := true;
      old.refund_cap_percent := 100;
    end if;
  end if;
  if (case when lapsed then old.starts_at else old.ends_at end) <= now() then
    return null;
  end if;
  old.time_zone := b.time_zone;
  old.paid_minor := b.paid_minor;
  old.top_up_by := null;
  -- what was confirmed is so again, but for a larger party alone, which waits on where it is
  if lapsed and (b.seats is null or stood ->> 'status' <> 'confirmed') then
    old.status := b.status;
    old.before_change := private.accepted(b);
  else
    old.status := 'confirmed';
    old.before_change := null;
  end if;
  return old;
end;
$$;

-- Undoes a change that is not settled, see private.undone, in the place that was kept for it; what was paid for it goes
-- back. False, and nothing has happened, where there is none to undo. The caller holds the booking's lock.
create function private.put_back(b public.bookings, lapsed boolean default false)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  old public.bookings;
  stood jsonb := case when not lapsed then private.accepted(b) else b.before_change end;
  stay boolean := lapsed and b.seats is null;
  since record;
begin
  perform private.lock_sessions(b);
  old := private.undone(b, lapsed);
  if old.id is null then
    return false;
  end if;
  since := private.paid_since(b, stood);
  if stay then
    perform private.take_fewer(b, stood);
  elsif b.session_id is null then
    perform private.occupy(
      b, array(select jsonb_array_elements_text(stood -> 'resources')::uuid), (stood ->> 'period')::tstzrange, true
    );
  end if;
  update public.bookings x
  set
    session_id = old.session_id, starts_at = old.starts_at, ends_at = old.ends_at,
    local_starts_at = old.local_starts_at, party_size = old.party_size, price_minor = old.price_minor,
    discount_minor = old.discount_minor, deposit_minor = old.deposit_minor, forfeited_minor = old.forfeited_minor,
    refund_cap_percent = old.refund_cap_percent, free_to_cancel = old.free_to_cancel, top_up_by = null,
    before_change = old.before_change
  where x.id = b.id;
  perform private.close_payments(b.id);
  if since.here + since.taken > 0 then
    perform private.request_refund(b.id, since.here, 'change_undone', since.taken);
  end if;
  if old.free_to_cancel and not stay and not (stood ->> 'free_to_cancel')::boolean then
    insert into public.booking_events (booking_id, from_status, to_status, actor, reason, moved_from)
    values (b.id, b.status, b.status, 'provider', 'rescheduled', (stood ->> 'starts_at')::timestamptz);
  end if;
  if old.status <> b.status then
    perform private.set_status(b.id, 'confirmed', 'system', 'put_back');
  else
    insert into public.booking_events (booking_id, from_status, to_status, actor, reason)
    values (b.id, b.status, b.status, 'system', case when stay then 'party_restored' else 'put_back' end);
  end if;
  return true;
end;
$$;

-- Ends a wait for the rest of a deposit: the number of people, or the place that made it dearer, goes back to what was
-- paid for. Nothing for a booking that somebody is just changing.
create function private.lapse_top_up(booking uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  old public.bookings;
begin
  select * into b
  from public.bookings x
  where x.id = booking and x.status in ('pending', 'confirmed') and x.top_up_by <= now()
  for update skip locked;
  if not found then
    return;
  end if;
  if not private.put_back(b, lapsed => true) then
    -- With its time come, or its session called off, it stays where it is; a dearer place is paid there, and where the
    -- old one was called off, it need not be.
    old := jsonb_populate_record(b, b.before_change);
    update public.bookings x
    set
      party_size = old.party_size,
      price_minor = case when b.seats is null then old.price_minor else b.price_minor end,
      discount_minor = case when b.seats is null then old.discount_minor else b.discount_minor end,
      deposit_minor = old.deposit_minor, top_up_by = null,
      free_to_cancel = x.free_to_cancel or private.let_down(b),
      refund_cap_percent = case when private.let_down(b) then 100 else x.refund_cap_percent end,
      before_change = private.accepted(b)
    where x.id = b.id;
    perform private.close_payments(b.id);
    insert into public.booking_events (booking_id, from_status, to_status, actor, reason)
    values (b.id, b.status, b.status, 'system', 'party_restored');
  end if;
  if b.status = 'confirmed' then
    perform private.carry_out(b.id, b.before_change -> 'returns');
  end if;
  perform private.offer_places(b);
end;
$$;
