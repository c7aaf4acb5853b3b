-- Done and paid at the place: the customer's one-time code closes the job.

create function private.complete_booking(booking_id uuid, completion_code text)
returns public.booking_details
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
begin
  select * into b from public.bookings x where x.id = complete_booking.booking_id;
  if b.id is null or not private.is_member(b.provider_id) then
    perform private.fail(404, 'not_found');
  end if;
  if regexp_replace(coalesce(completion_code, ''), '\s', '', 'g') <> private.completion_code(b.id) then
    perform private.fail(422, 'invalid_input', 'completion_code');
  end if;
  b := private.set_status(b.id, 'completed', 'provider', 'code');
  update public.bookings x
  set paid_on_site_minor = private.due_on_site(b)
  where x.id = b.id
  returning * into b;
  return private.describe_booking(b, 'provider');
end;
$$;

-- Closes a booking as done and paid at the place, as a member of its provider who was told the customer's code. Six
-- digits cannot be guessed: each try counts. Raises not_found, invalid_input, invalid_transition, rate_limited.
create function public.complete_booking(booking_id uuid, completion_code text)
returns public.booking_details
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('completion_code');
  begin
    return private.complete_booking(booking_id, completion_code);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.booking_details, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.complete_booking(uuid, text) to authenticated;
grant execute on function public.complete_booking(uuid, text) to authenticated;
