-- Guests: whose address nothing has proven, and who pay nothing in advance. The first such bookings stand at once;
-- beyond a few each waits for the click in its mail.

-- How many bookings without payment guests may make that are confirmed at once, before the address has been proven by
-- anything. Beyond, each waits as a hold for the click in its mail.
insert into private.rate_limits (name, max_calls, per, exact)
values
  -- by mail address and by phone: a family's month, in a day
  ('guest_booking_email', 3, '1 day', true),
  ('guest_booking_phone', 3, '1 day', true),
  -- by network: an office, a café, what a mobile network puts behind one address at a time. This and the next are not
  -- exact: strangers at one place do not wait for each other.
  ('guest_booking_network', 10, '1 day', false),
  -- by provider: a working day of one member of staff, or a third of a restaurant's evening
  ('guest_booking_provider', 20, '1 day', false),
  -- places that guests hold and have neither paid nor proven, half an hour each: by network, and of those to be proven,
  -- which write to somebody, by address. Who owns it gets through by signing in.
  ('guest_hold_network', 40, '1 hour', false),
  ('guest_hold_email', 10, '1 day', true);

-- What stands for a mail address or a phone number in counters: who reads those learns neither.
create function private.contact_key(contact text)
returns text
language sql
stable
set search_path = ''
as $$
  select encode(extensions.hmac(lower(contact), s.value, 'sha256'), 'hex')
  from private.settings s
  where s.name = 'link_secret';
$$;

-- Counts a guest's booking that nothing is paid for, and says whether it has to be proven first. Whatever is locked
-- here is locked after the place and in this order, by all who book.
create function private.needs_proof(who private.contact, provider uuid)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  over boolean;
begin
  over := private.over_limit('guest_booking_email', private.contact_key(who.email)) is not null;
  if who.phone is not null then
    over := private.over_limit('guest_booking_phone', private.contact_key(who.phone)) is not null or over;
  end if;
  over := private.over_limit('guest_booking_network', private.caller()) is not null or over;
  return private.over_limit('guest_booking_provider', provider::text) is not null or over;
end;
$$;

-- True while a guest's booking waits for the proof of its address: held, with nothing to pay and offered to nobody.
create function private.waits_for_proof(b public.bookings)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return b.status = 'held' and b.customer_id is null and b.waitlist_entry_id is null
    and b.deposit_minor <= b.paid_minor;
end;
$$;

-- The secret that proves a guest's address: derived, and told to nobody but that mailbox.
create function private.proof_token(booking uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return encode(
    extensions.hmac(
      convert_to('prove ' || booking, 'UTF8'),
      decode((select value from private.settings where name = 'link_secret'), 'hex'), 'sha256'
    ),
    'hex'
  );
end;
$$;

create function private.confirm_booking(proof text)
returns public.created_booking
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
begin
  select * into b
  from public.bookings x
  where x.id = private.open_secret('prove_booking', proof)
  for update;
  if b.id is null then
    perform private.fail(404, 'not_found');
  end if;
  if private.waits_for_proof(b) then
    if b.hold_expires_at <= now() then
      perform private.fail(410, 'hold_expired', null, private.next_free(b.service_id, now(), b.party_size)::text);
    end if;
    if not private.in_good_standing(b.provider_id) then
      perform private.fail(403, 'not_allowed', 'suspended');
    end if;
    b := private.set_status(
      b.id, private.status_when_booked(b), 'system', 'proven'
    );
  elsif b.status not in ('pending', 'confirmed') then
    perform private.fail(409, 'invalid_transition', b.status::text);
  end if;
  return private.as_created(b);
end;
$$;

-- Proves the address that a guest's held booking was made with, by the secret of the mail that asked for it: the
-- booking is confirmed, or with the provider. Asked again it answers the same. Raises not_found, hold_expired,
-- not_allowed (the provider is suspended), invalid_transition, rate_limited.
create function public.confirm_booking(proof text)
returns public.created_booking
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('booking_secret');
  begin
    return private.confirm_booking(proof);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.created_booking, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.confirm_booking(text) to anon, authenticated;
grant execute on function public.confirm_booking(text) to anon, authenticated;
