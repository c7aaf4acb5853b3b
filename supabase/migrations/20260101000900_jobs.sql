-- Scheduled work. Each job is safe to run twice and safe to miss once.

create extension if not exists pg_cron;
create extension if not exists pg_net with schema extensions;

-- What is due is done one by one, each in its own transaction: customers never wait for more than one of them, no lock
-- is held while another is waited for, and one that fails (it leaves a warning) costs the others nothing.
select
  cron.schedule(
    job, '* * * * *',
    format(
      $each$
do $job$
declare
  one uuid;
begin
  foreach one in array array(%s) loop
    begin
      perform %s;
    exception
      when others then
        raise warning '%s, %%: %%', one, sqlstate;
    end;
    commit;
  end loop;
end;
$job$
      $each$,
      due, work, job
    )
  )
from (
  values
    (
      'expire holds',
      $$select id from public.bookings where status = 'held' and hold_expires_at <= now()$$,
      'private.expire_holds(booking => one)'
    ),
    (
      'lapse requests',
      $$select id from public.bookings where status = 'pending' and least(answer_by, starts_at) <= now()$$,
      'private.lapse_request(one)'
    ),
    (
      'lapse top-ups',
      $$select id from public.bookings where top_up_by <= now()$$,
      'private.lapse_top_up(one)'
    ),
    (
      'withdraw offers',
      $$
        select b.id
        from public.bookings b
        join public.waitlist_entries w on w.id = b.waitlist_entry_id
        where b.status = 'held' and w.status = 'offered' and private.has_booked(w)
      $$,
      'private.withdraw_offer(one)'
    ),
    (
      'offer places',
      $$
        select w.service_id
        from public.waitlist_entries w
        left join private.waitlist_passes p on p.service_id = w.service_id
        where w.status = 'waiting'
        group by w.service_id, p.looked_at
        -- a run that has no time for all begins with those in the next
        order by p.looked_at nulls first
      $$,
      'private.offer_in_turn(one)'
    )
) as jobs (job, due, work);
select cron.schedule('end waitlist entries', '* * * * *', 'select private.end_waitlist_entries()');

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
  ) or exists (select from private.link_requests) then
    perform private.wake('deliver');
  end if;
  if exists (
    select from public.refunds where status in ('queued', 'sending', 'pending') and next_attempt_at <= now()
  ) or exists (select from public.payments where close_page_at <= now()) then
    perform private.wake('refunds');
  end if;
  if exists (select from private.file_removals where next_attempt_at <= now()) then
    perform private.wake('account');
  end if;
end;
$$;
select cron.schedule('wake workers', '* * * * *', 'select private.wake_due_workers()');

select cron.schedule(
  'forget old rate counters', '17 3 * * *',
  $$delete from private.rate_counters where window_start < now() - interval '1 day'$$
);

select cron.schedule('forget unproven accounts', '41 3 * * *', 'select private.forget_unproven_accounts()');

select cron.schedule('replay stripe events', '*/10 * * * *', 'select private.replay_stripe_events()');

select cron.schedule('check invariants', '7 * * * *', 'select private.check_invariants()');
