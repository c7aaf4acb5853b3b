-- A guest's booking becomes an account's: from then on it is theirs by key, in their list, their export and their
-- deletion.

create function private.claim_booking(manage_token text)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
  found_one record;
  b public.bookings;
begin
  select * into found_one from private.find_booking(null, manage_token);
  select * into b from public.bookings x where x.id = (found_one.found_booking).id for update;
  if b.customer_id is not null then
    perform private.fail(404, 'not_found');
  end if;
  -- both must meet: the secret, which went to the guest and to the address alone, and the proof that the address is
  -- theirs
  if not private.has_proved(b.customer_email) then
    perform private.fail(403, 'not_allowed', 'email');
  end if;
  update public.bookings x
  set customer_id = me
  where x.id = b.id;
  delete from private.bearer_secrets s where s.subject_id = b.id;
  update public.waitlist_entries w set customer_id = me where w.id = b.waitlist_entry_id and w.customer_id is null;
  update public.deliveries d set account_id = me where d.booking_id = b.id and d.account_id is null;
  insert into public.conversations (provider_id, customer_id)
  values (b.provider_id, me)
  on conflict (provider_id, customer_id) do nothing;
  return b.id;
end;
$$;

-- Takes a guest's booking into the caller's account, whose proven address it was made with, by its secret; the secret
-- opens nothing any more. Gives the booking's id. Raises not_found, not_allowed (email), rate_limited.
create function public.claim_booking(manage_token text)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('booking_secret');
  begin
    return to_jsonb(private.claim_booking(manage_token));
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.claim_booking(text) to authenticated;
grant execute on function public.claim_booking(text) to authenticated;
