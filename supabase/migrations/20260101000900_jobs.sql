-- Scheduled work. Each job is safe to run twice and safe to miss once.

create extension if not exists pg_cron;
create extension if not exists pg_net with schema extensions;

select cron.schedule('expire holds', '* * * * *', 'select private.expire_holds()');
select cron.schedule('lapse requests', '* * * * *', 'select private.lapse_requests()');
select cron.schedule('offer places', '* * * * *', 'select private.offer_all_places()');

-- The insert of a row wakes its worker at once; this is for what was left over by a failure.
create function private.wake_due_workers()
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (
    select from public.deliveries where status in ('queued', 'sending') and next_attempt_at <= now()
  ) then
    perform private.wake('deliver');
  end if;
  if exists (
    select from public.refunds where status in ('queued', 'sending') and next_attempt_at <= now()
  ) then
    perform private.wake('refunds');
  end if;
end;
$$;
select cron.schedule('wake workers', '* * * * *', 'select private.wake_due_workers()');

select cron.schedule(
  'forget old rate counters', '17 3 * * *',
  $$delete from private.rate_counters where window_start < now() - interval '1 day'$$
);

select cron.schedule('check invariants', '7 * * * *', 'select private.check_invariants()');
