-- Another number of people: what a booking comes to then, and the money that goes with it.

-- What a booking comes to for another party, asked anew with the code that it used; its start and session are the new ones
-- already. Answers with the booking as it is to be written, and what of the money paid is more than the new deposit, as far
-- as the policy gives it back (all of it when the provider asks for the change). A customer whose deposit grows has half an
-- hour to pay the rest, or the number of people goes back; what is too little to charge, and what grows by the provider's
-- wish, is paid at the place. Raises what quote_service raises.
create function private.reprice(
  inout b public.bookings, party int, by_provider boolean, out surplus_minor bigint
)
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  price private.quote := private.quote_service(
    b.service_id, b.session_id, b.seats, party, null, b.customer_email,
    (select r.promo_code_id from public.promo_redemptions r where r.booking_id = b.id)
  );
  kept bigint := b.paid_minor - b.refund_minor;
  missing bigint := price.deposit_minor - kept;
begin
  surplus_minor := 0;
  b.price_minor := price.price_minor;
  b.discount_minor := price.discount_minor;
  b.deposit_minor := price.deposit_minor;
  if b.status = 'held' then
    return;
  end if;
  if missing <= 0 then
    surplus_minor := -missing * case when by_provider then 100 else b.refund_cap_percent end / 100;
  elsif by_provider or missing < (select c.min_charge_minor from public.currencies c where c.code = b.currency) then
    b.deposit_minor := kept;
    missing := 0;
  end if;
  b.party_before := case when missing > 0 then coalesce(b.party_before, b.party_size) end;
  b.top_up_by := case
    when missing > 0 then coalesce(b.top_up_by, least(now() + interval '30 minutes', b.starts_at))
  end;
end;
$$;

-- Brings the money of a booking in line with a new price: orders back what is too much, ends a payment that was begun for
-- another sum, and confirms a hold that has nothing left to pay.
create function private.even_out(b public.bookings, surplus_minor bigint)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  answer public.bookings;
begin
  if surplus_minor > 0 then
    perform private.request_refund(b.id, surplus_minor, 'party_changed');
  end if;
  select * into answer from public.bookings x where x.id = b.id;
  perform private.close_payments(b.id, private.amount_due(answer));
  if answer.status = 'held' and answer.waitlist_entry_id is null and private.amount_due(answer) = 0 then
    answer := private.set_status(answer.id, private.status_when_paid(answer), 'system');
  end if;
  return answer;
end;
$$;

-- What a booking becomes when its deposit is paid.
create function private.status_when_paid(b public.bookings)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select case p.approval when 'automatic' then 'confirmed' else 'pending' end
  from public.providers p
  where p.id = b.provider_id;
$$;

-- Ends a wait for the rest of a deposit: the number of people goes back to what was paid for. Nothing for a booking that
-- somebody is just changing.
create function private.lapse_top_up(booking uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  old int;
  before int;
  priced record;
begin
  select * into b
  from public.bookings x
  where x.id = booking and x.status in ('pending', 'confirmed') and x.top_up_by <= now()
  for update skip locked;
  if not found then
    return;
  end if;
  old := b.party_size;
  before := b.party_before;
  begin
    priced := private.reprice(b, before, true);
    b := priced.b;
  exception
    when others then
      if sqlstate not like 'PT4__' then
        raise;
      end if;
      -- the service takes no such party any more: it stays as it is, and the rest is paid at the place
      before := old;
      b.deposit_minor := least(b.deposit_minor, b.paid_minor - b.refund_minor);
  end;
  update public.sessions t set taken = t.taken - old + before where t.id = b.session_id;
  update public.bookings x
  set
    party_size = before, price_minor = b.price_minor, discount_minor = b.discount_minor,
    deposit_minor = b.deposit_minor, top_up_by = null, party_before = null
  where x.id = b.id;
  perform private.close_payments(b.id);
  insert into public.booking_events (booking_id, from_status, to_status, actor, reason)
  values (b.id, b.status, b.status, 'system', 'party_restored');
  perform private.offer_places(b.service_id, b.session_id);
end;
$$;
