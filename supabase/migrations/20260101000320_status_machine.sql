-- The status machine at work: who may move a booking from where to where, and what that frees.

-- A deadline, brought forward to the start where it would be after it; of none there is none.
create function private.no_later(deadline timestamptz, starts timestamptz)
returns timestamptz
language sql
immutable
set search_path = ''
as $$
  select case when deadline is not null then least(deadline, starts) end;
$$;

-- Until when a provider may answer a request that comes now: as many hours as its business takes, and before it starts.
-- One to change what stands at `stands` is answered within half of the time until then: whoever hears nothing still
-- comes, and knows it in time.
create function private.answer_by(provider uuid, starts timestamptz, stands timestamptz default null)
returns timestamptz
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (
    select least(
      now() + make_interval(hours => p.answer_hours), starts,
      -- a time that has passed leaves none
      case when stands is not null then now() + greatest(stands - now(), interval '0') / 2 end
    )
    from public.providers p
    where p.id = provider
  );
end;
$$;

-- What is to be done before a booking starts is never due after it: the answer to a request, the payment of a hold, the
-- rest of a deposit.
create function private.keep_deadlines()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.answer_by := private.no_later(new.answer_by, new.starts_at);
  new.hold_expires_at := private.no_later(new.hold_expires_at, new.starts_at);
  new.top_up_by := private.no_later(new.top_up_by, new.starts_at);
  return new;
end;
$$;
create trigger keep_deadlines before insert or update of starts_at on public.bookings
  for each row execute function private.keep_deadlines();

-- When a request goes without an answer: at its deadline, its start, or the time at which it stands as long as it has
-- none, by the clocks and its session as they are now; the first of these.
create function private.overdue_at(b public.bookings)
returns timestamptz
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return least(b.answer_by, b.starts_at, private.stands_at(b));
end;
$$;

-- From when until when a step of the status machine is open for a booking, as long as nothing else changes; empty where
-- it is part of something else, which names it as the reason.
create function private.open_while(b public.bookings, condition public.transition_condition)
returns tstzrange
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return case condition
    when 'before_start' then tstzrange(null, b.starts_at)
    when 'near_start' then tstzrange(b.starts_at - interval '30 minutes', null)
    when 'after_start' then tstzrange(b.starts_at, null)
    when 'may_leave' then private.leaving_time(b)
    when 'hold_lapsed' then tstzrange(b.hold_expires_at, null)
    when 'answer_overdue' then tstzrange(private.overdue_at(b), null)
    when 'called_off' then
      case
        when exists (select from public.sessions t where t.id = b.session_id and not t.active)
          then tstzrange(null, null)
        else 'empty'
      end
    when 'offer' then
      case when b.waitlist_entry_id is not null and b.deposit_minor <= b.paid_minor then tstzrange(null, null)
        else 'empty' end
    when 'rescheduled' then 'empty'
    when 'put_back' then 'empty'
    when 'booked_meanwhile' then 'empty'
    else tstzrange(null, null)
  end;
end;
$$;

-- Moves a booking along the status machine and writes its history. Raises not_found, invalid_transition.
-- The caller's right to act as `actor` is checked before; here it is state and time.
-- A booking is locked before the places it has or wants, places in the order of their ids: nobody who holds a place
-- waits for a booking, so nobody waits in a circle.
create function private.set_status(
  booking uuid, wanted public.booking_status, acting public.booking_actor, why text default ''
)
returns public.bookings
language plpgsql
security definer
set search_path = ''
as $$
declare
  b public.bookings;
  rule public.booking_transitions;
  returns jsonb;
begin
  select * into b from public.bookings where id = booking for update;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  select * into rule
  from public.booking_transitions t
  where t.from_status = b.status and t.to_status = wanted and t.actor = acting;
  -- the last are no reasons that people give
  if not found or not (
    now() <@ private.open_while(b, rule.condition)
    or (rule.condition in ('rescheduled', 'put_back', 'booked_meanwhile') and why = rule.condition::text)
  ) then
    perform private.fail(409, 'invalid_transition', b.status::text);
  end if;
  returns := b.before_change -> 'returns';
  -- the page of a hold that lapsed stays: whoever pays late may still find the place free
  if wanted in ('cancelled', 'rejected') then
    perform private.close_payments(b.id);
  elsif wanted <> 'expired' and b.status = 'held' then
    update public.occupancies set expires_at = null where booking_id = booking;
  end if;
  update public.bookings
  set
    status = wanted,
    hold_expires_at = case when wanted = 'expired' then hold_expires_at end,
    -- of what was confirmed, whoever changes it sets it (private.reschedule_booking)
    answer_by = case when wanted = 'pending' then private.answer_by(provider_id, starts_at) end,
    top_up_by = case when wanted in ('pending', 'confirmed') then top_up_by end,
    before_change = case
      when wanted = 'pending' then before_change
      -- accepted, but not paid for yet
      when wanted = 'confirmed' and top_up_by is not null then before_change || private.accepted_place(b)
    end
  where id = booking
  returning * into b;
  if wanted in ('expired', 'cancelled', 'rejected') then
    perform private.occupy(b, '{}');
  end if;
  if rule.from_status = 'pending' and wanted = 'confirmed' and acting = 'provider' and b.before_change is null then
    -- what the change gave up, now that it is accepted
    perform private.carry_out(b.id, returns);
    select * into b from public.bookings where id = booking;
  end if;
  insert into public.booking_events (booking_id, from_status, to_status, actor, actor_id, reason)
  values (booking, rule.from_status, wanted, acting, (select private.me()), left(coalesce(why, ''), 500));
  return b;
end;
$$;

-- Ends holds whose time is over: those in the way of a period on some resources, those of a session, or one booking's.
-- Returns how many. Callers that want the place hold the resources' or the session's lock already; a hold that somebody
-- else is just ending is left to them.
create function private.expire_holds(
  resources uuid[] default null, wanted tstzrange default null, session uuid default null, booking uuid default null
)
returns int
language plpgsql
security definer
set search_path = ''
as $$
declare
  lapsed uuid;
  ended int := 0;
begin
  -- Nearly always there is none: an answer from the index of holds is then all that it takes.
  if not exists (select from public.bookings b where b.status = 'held' and b.hold_expires_at <= now()) then
    return 0;
  end if;
  for lapsed in
    select b.id
    from public.bookings b
    where b.status = 'held' and b.hold_expires_at <= now()
      and (
        b.id = booking
        or b.session_id = session
        or exists (
          select
          from public.occupancies o
          where o.booking_id = b.id and o.resource_id = any (resources) and o.period && wanted
        )
      )
    for update skip locked
  loop
    perform private.set_status(lapsed, 'expired', 'system');
    ended := ended + 1;
  end loop;
  return ended;
end;
$$;

-- Share of the paid sum, in percent, that goes back when a booking that starts at `starts` is cancelled at `at`.
create function private.refund_percent(policy jsonb, starts timestamptz, at timestamptz)
returns int
language sql
immutable
set search_path = ''
as $$
  select coalesce(
    (
      select (tier ->> 'refund_percent')::int
      from jsonb_array_elements(policy -> 'tiers') as tier
      where at <= starts - make_interval(hours => (tier ->> 'hours_before')::int)
      order by (tier ->> 'hours_before')::int desc
      limit 1
    ),
    0
  );
$$;

-- True where the provider moved a booking, and told its customer so less than a day before it starts: who does not come
-- then has not stayed away.
create function private.moved_at_short_notice(b public.bookings)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select b.free_to_cancel and exists (
    select
    from public.booking_events e
    where e.booking_id = b.id and e.actor = 'provider' and e.moved_from is not null
      and e.created_at > b.starts_at - interval '1 day'
  );
$$;

-- The cancellation policy that holds for a booking: its own, or where the provider moved it everything until the start;
-- until a day after it for who was told less than a day before (see private.moved_at_short_notice).
create function private.policy_of(b public.bookings)
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when not b.free_to_cancel then b.policy
    when private.moved_at_short_notice(b)
      then '{"code": "moved", "tiers": [{"hours_before": -24, "refund_percent": 100}]}'
    else '{"code": "moved", "tiers": [{"hours_before": 0, "refund_percent": 100}]}'
  end;
$$;

-- As long as a customer may cancel a booking that was promised to them: until its start, and until a day after it where
-- the provider moved it at short notice, whatever it is marked as meanwhile: else who moves it to the next second keeps
-- the money. Their code, with which they paid at the place, says that they were there.
create function private.leaving_time(b public.bookings)
returns tstzrange
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when b.paid_on_site_minor > 0 then 'empty'
    when private.moved_at_short_notice(b) then tstzrange(null, b.starts_at + interval '1 day')
    else tstzrange(null, b.starts_at)
  end;
$$;

-- Of a change that its provider has not accepted, to a booking that was confirmed: what that is else, as it stood, with
-- what the change gives up ("returns", see private.carry_out). Null for another.
create function private.accepted(b public.bookings)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select case
    when b.status <> 'pending' then null
    when b.before_change ->> 'status' = 'confirmed' then b.before_change
    else nullif(b.before_change -> 'before_change', 'null')
  end;
$$;

-- What a booking may go back to as long as a change of it is not settled, each as it stood: what was accepted last, and
-- where the rest of a deposit is awaited what was paid for last. A larger party that is not paid for stays at the time
-- that it has: of its earlier places it keeps those that are at the same time, and numbered seats, which are dearer for
-- their place alone.
create function private.ways_back(b public.bookings)
returns setof jsonb
language sql
stable
set search_path = ''
as $$
  select w.stood
  from (
    values
      (private.accepted(b)),
      (
        case
          when b.top_up_by is not null and (
            b.seats is not null or b.session_id = (b.before_change ->> 'session_id')::uuid
            or (b.session_id is null and (b.before_change ->> 'starts_at')::timestamptz = b.starts_at)
          ) then b.before_change
        end
      )
  ) as w (stood)
  where w.stood is not null;
$$;

-- True where a session begins at another time than a booking stood in it, its snapshot being `stood`, because it was
-- moved: where clocks are changed alone, either the instant or the local time stays.
create function private.was_moved(t public.sessions, stood jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select t.starts_at <> (stood ->> 'starts_at')::timestamptz
    and t.local_starts_at <> (stood ->> 'local_starts_at')::timestamp;
$$;

-- True where a provider has moved or called off the session to which a change that is not settled goes back: it has let
-- down whoever is booked there, and so who would be again.
create function private.let_down(b public.bookings)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from private.ways_back(b) as stood
    join public.sessions t on t.id = (stood ->> 'session_id')::uuid
    where not t.active or private.was_moved(t, stood)
  );
$$;

-- Share of the paid sum, in percent, that goes back if a booking is cancelled now by its provider, or by its customer.
-- What nobody has accepted yet is withdrawn with all back; the change of what was accepted gives what that gives.
create function private.refund_share(b public.bookings, by_provider boolean)
returns int
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  stands public.bookings := b;
begin
  if by_provider or private.let_down(b) then
    return 100;
  end if;
  if b.status = 'pending' then
    stands := private.undone(b);
    if stands.id is null then
      return 100;
    end if;
  end if;
  return least(
    stands.refund_cap_percent, private.refund_percent(private.policy_of(stands), stands.starts_at, now())
  );
end;
$$;

-- What is here of a booking's money, in minor units, and is not owed to its customer already.
create function private.kept(b public.bookings)
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return b.paid_minor - b.refund_minor - private.owed(b.id);
end;
$$;

-- What is owed of a booking's money already, and is still here: orders that failed for good and were not made anew.
create function private.owed(booking uuid)
returns bigint
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (
    select coalesce(sum(r.amount_minor), 0)
    from public.refunds r
    where r.booking_id = booking and r.account = 'provider' and r.status = 'failed' and r.reason <> 'by_platform'
      and not exists (select from public.refunds x where x.replaces = r.id)
  );
end;
$$;

-- The sum, in minor units, of which a share goes back if a booking is cancelled: what was paid, has not gone back and
-- is not owed already. What the policy has kept goes back only where it is the provider who lets the customer down.
create function private.refundable(b public.bookings, by_provider boolean)
returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select greatest(
    private.kept(b)
      - case when by_provider or b.free_to_cancel then 0 else b.forfeited_minor end,
    0
  );
$$;

-- What comes back of a sum, in minor units, until when: the policy's steps that are still to come, the longest notice
-- first, as [{"until", "until_local" (the provider's clocks), "refund_percent", "refund_minor"}]. After the last,
-- nothing does. `cap` is the share that a booking moved by its customer may not exceed;
-- `besides` comes back in any case.
create function private.refund_steps(
  policy jsonb, starts timestamptz, zone text, sum_minor bigint, currency text, cap int default 100,
  besides bigint default 0
)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'until', s.until,
        'until_local', private.to_local(s.until, zone),
        'refund_percent', s.percent,
        'refund_minor', besides + private.share_of(sum_minor, s.percent, currency)
      )
      order by s.until
    ),
    '[]'
  )
  from (
    select
      starts - make_interval(hours => (tier ->> 'hours_before')::int) as until,
      least(cap, (tier ->> 'refund_percent')::int) as percent
    from jsonb_array_elements(policy -> 'tiers') as tier
  ) s
  where s.until > now();
$$;
