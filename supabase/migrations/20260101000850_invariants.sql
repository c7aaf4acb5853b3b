-- The invariant checker: what must always hold between bookings, places, seats, money and history, compared on
-- schedule. It repairs nothing; a finding is a fault of ours, to be looked at by a person.

create table public.invariant_findings (
  id uuid primary key default private.new_id(),
  -- which rule is broken, and by which row
  rule text not null,
  subject_id uuid not null,
  details jsonb not null default '{}',
  found_at timestamptz not null default now(),
  -- when a later check no longer found it
  resolved_at timestamptz
);
create unique index invariant_findings_open on public.invariant_findings (rule, subject_id) where resolved_at is null;
alter table public.invariant_findings enable row level security;
grant select on public.invariant_findings to authenticated;
create policy "staff read what does not add up"
  on public.invariant_findings for select to authenticated using ((select private.may('health.read')));

-- Writes a breach down at once, where one is met in passing.
create function private.note_finding(rule text, subject uuid, details jsonb)
returns void
language sql
security definer
set search_path = ''
as $$
  insert into public.invariant_findings (rule, subject_id, details)
  values (rule, subject, details)
  on conflict (rule, subject_id) where resolved_at is null do nothing;
$$;

-- Every breach there is now.
create function private.broken_invariants()
returns table (rule text, subject_id uuid, details jsonb)
language sql
stable
security definer
set search_path = ''
as $$
  with live as (
    select * from public.bookings b where b.status not in ('expired', 'cancelled', 'rejected')
  )
  select 'booking_without_place', b.id, jsonb_build_object('status', b.status)
  from live b
  where b.session_id is null
    and not exists (
      select
      from public.occupancies o
      where o.booking_id = b.id and not o.kept and o.period @> tstzrange(b.starts_at, b.ends_at)
    )
  union all
  -- where a change may go back to, its place is there; but what new clocks have given to others
  select 'way_back', b.id, jsonb_build_object('wants', k.periods, 'has', o.has)
  from live b
  cross join lateral private.kept_places(b) k
  cross join lateral (
    select
      range_agg(x.period) filter (where x.booking_id = b.id) as has,
      range_agg(x.period) filter (where x.booking_id is distinct from b.id) as others
    from public.occupancies x
    where x.resource_id = k.resource_id and x.period && k.periods
  ) o
  where b.before_change is not null and not k.periods - coalesce(o.others, '{}') <@ coalesce(o.has, '{}')
  union all
  select 'kept_for_nothing', o.id, jsonb_build_object('booking_id', b.id)
  from public.occupancies o
  join public.bookings b on b.id = o.booking_id
  where o.kept and b.before_change is null
  union all
  select 'place_without_booking', o.id, jsonb_build_object('booking_id', b.id, 'status', b.status)
  from public.occupancies o
  join public.bookings b on b.id = o.booking_id
  where b.status in ('expired', 'cancelled', 'rejected')
  union all
  select 'hold_and_place_differ', o.id, jsonb_build_object('booking_id', b.id, 'status', b.status)
  from public.occupancies o
  join public.bookings b on b.id = o.booking_id
  where (b.status = 'held') <> (o.expires_at is not null)
  union all
  -- for ten minutes its end may be on its way
  select 'request_past', b.id, jsonb_build_object('answer_by', b.answer_by, 'starts_at', b.starts_at)
  from live b
  where b.status = 'pending' and least(b.answer_by, b.starts_at) < now() - interval '10 minutes'
  union all
  -- of coming ones with the buffers that the service has now
  select 'session_without_room', s.id, '{}'
  from public.sessions s
  join public.services v on v.id = s.service_id
  where s.active and not exists (
    select from public.occupancies o
    where o.session_id = s.id and o.resource_id = s.resource_id
      and case
        when s.ends_at > now() then o.period = private.period_taken(v, s.starts_at, s.ends_at)
        else o.period @> tstzrange(s.starts_at, s.ends_at)
      end
  )
  union all
  -- a closure takes all that it closes, whoever has joined since, but for what was promised
  select 'closure_without_place', c.id, jsonb_build_object('resources', jsonb_agg(r.id))
  from public.closures c
  join public.resources r on r.provider_id = c.provider_id and (c.resource_id is null or r.id = c.resource_id)
  where upper(c.period) > now()
    and not c.period <@ (
      select coalesce(range_agg(o.period), '{}')
      from public.occupancies o
      where o.resource_id = r.id and o.period && c.period
    )
  group by c.id
  union all
  select 'place_beyond_closure', o.id, jsonb_build_object('closure_id', c.id)
  from public.occupancies o
  join public.closures c on c.id = o.closure_id
  join public.resources r on r.id = o.resource_id
  where upper(c.period) > now()
    and (not o.period <@ c.period or r.provider_id <> c.provider_id or r.id <> coalesce(c.resource_id, r.id))
  union all
  -- coming sessions sell what their room has
  select 'session_and_room', s.id, jsonb_build_object('capacity', s.capacity, 'room', r.capacity, 'seats', e.n)
  from public.sessions s
  join public.resources r on r.id = s.resource_id
  cross join lateral (select count(*) as n from public.seats x where x.resource_id = r.id) e
  where s.active and s.ends_at > now()
    and (
      s.capacity > r.capacity
      or (
        e.n > 0 and (
          s.capacity <> e.n
          or exists (select from live b where b.session_id = s.id and b.seats is null)
          or exists (
            select
            from public.booking_seats t
            where t.session_id = s.id
              and not exists (select from public.seats x where x.resource_id = r.id and x.label = t.seat)
          )
        )
      )
    )
  union all
  -- what search and pages read of a business beside what it is made of
  select 'search_text', p.id, '{}'
  from public.providers p
  where p.search_text is distinct from private.search_text_of(p.id)
    or p.search_skeletons is distinct from private.skeletons(p.search_text)
  union all
  select 'price_from', p.id, jsonb_build_object('shown', p.price_from_minor, 'is', private.price_from_of(p.id))
  from public.providers p
  where p.price_from_minor is distinct from private.price_from_of(p.id)
  union all
  select 'rating', p.id, jsonb_build_object('shown', p.rating_count, 'is', r.count)
  from public.providers p
  cross join lateral (
    select avg(x.rating)::numeric(3, 2) as mean, count(*) as count from public.reviews x where x.provider_id = p.id
  ) r
  where p.rating is distinct from r.mean or p.rating_count <> r.count
  union all
  -- a calendar is a member's, or nobody's
  select 'calendar_of_stranger', r.id, '{}'
  from public.resources r
  where r.user_id is not null
    and not exists (
      select from public.provider_members m where m.provider_id = r.provider_id and m.user_id = r.user_id
    )
  union all
  -- a link opens as long as what it is for
  select 'secret_outlives', s.subject_id, jsonb_build_object('purpose', s.purpose)
  from private.bearer_secrets s
  left join public.bookings b on b.id = s.subject_id
  left join public.waitlist_entries w on w.id = s.subject_id
  where s.expires_at is distinct from case s.purpose
      when 'manage_booking' then b.ends_at + interval '7 days'
      when 'prove_booking' then b.ends_at
      when 'leave_waitlist' then upper(w.period)
      else s.expires_at
    end
    or (s.purpose in ('manage_booking', 'prove_booking') and b.customer_id is not null)
    or (s.purpose = 'leave_waitlist' and w.customer_id is not null)
  union all
  -- what is booked, offered or waited for in a session is at the session's time
  select
    'session_time', x.id,
    jsonb_build_object('of', x.of, 'session_id', s.id, 'starts_at', s.starts_at, 'has', x.starts_at)
  from (
    select b.id, 'booking' as of, b.session_id, b.starts_at, b.ends_at from live b where b.session_id is not null
    union all
    select w.id, 'waitlist_entry', w.session_id, lower(w.period), null
    from public.waitlist_entries w
    where w.session_id is not null and w.status in ('waiting', 'offered')
  ) as x
  join public.sessions s on s.id = x.session_id
  where x.starts_at <> s.starts_at or x.ends_at <> s.ends_at
  union all
  select 'called_off', s.id, jsonb_build_object('bookings', c.bookings, 'waiting', c.waiting, 'places', c.places)
  from public.sessions s
  cross join lateral (
    select
      (select count(*) from live b where b.session_id = s.id) as bookings,
      (
        select count(*) from public.waitlist_entries w where w.session_id = s.id and w.status in ('waiting', 'offered')
      ) as waiting,
      (select count(*) from public.occupancies o where o.session_id = s.id) as places
  ) as c
  where not s.active and c.bookings + c.waiting + c.places > 0
  union all
  -- what a change that is not settled may go back to counts as well
  select 'session_count', s.id, jsonb_build_object('taken', s.taken, 'booked', coalesce(sum(c.places), 0))
  from public.sessions s
  left join (
    select b.session_id, b.party_size as places
    from live b
    where b.session_id is not null and b.before_change is null
    union all
    select c.session_id, c.places
    from live b
    cross join lateral private.session_claims(b) c
    where b.before_change is not null
  ) c on c.session_id = s.id
  group by s.id
  having s.taken <> coalesce(sum(c.places), 0)
  union all
  select 'seats', b.id, jsonb_build_object('asked', cardinality(b.seats), 'held', count(x.seat))
  from public.bookings b
  left join public.booking_seats x on x.booking_id = b.id
  where b.seats is not null
  group by b.id
  having count(x.seat) <> case
    when b.before_change is not null
      then cardinality(b.seats) * (select count(*) from private.session_claims(b) c)
    when b.status in ('expired', 'cancelled', 'rejected') then 0
    else cardinality(b.seats)
  end
  union all
  select 'history', b.id, jsonb_build_object('status', b.status, 'last', e.to_status)
  from public.bookings b
  left join lateral (
    select x.to_status from public.booking_events x where x.booking_id = b.id
      order by x.created_at desc, x.id desc limit 1
  ) e on true
  where e.to_status is distinct from b.status
  union all
  select 'paid', b.id, jsonb_build_object('booking', b.paid_minor, 'payments', p.total)
  from public.bookings b
  cross join lateral (
    select coalesce(sum(x.amount_minor), 0) as total
    from public.payments x
    where x.booking_id = b.id and x.status = 'succeeded'
  ) p
  where b.paid_minor <> p.total
  union all
  select 'refunded', b.id, jsonb_build_object('booking', b.refund_minor, 'refunds', r.total)
  from public.bookings b
  cross join lateral (
    select coalesce(sum(x.amount_minor), 0) as total
    from public.refunds x
    where x.booking_id = b.id and x.account = 'provider' and x.status not in ('failed', 'canceled')
  ) r
  where b.refund_minor <> r.total
  union all
  -- of what has ended everything goes back that the policy did not keep; what could not be sent is told of as itself
  select
    'kept_without_reason', b.id,
    jsonb_build_object('kept', b.paid_minor - b.refund_minor, 'forfeited', b.forfeited_minor)
  from public.bookings b
  where b.status in ('expired', 'cancelled', 'rejected')
    and b.paid_minor - b.refund_minor > b.forfeited_minor
    and private.kept(b) > b.forfeited_minor
  union all
  -- what Stripe holds for a booking is what came less what went, and the part that is nobody's what came unexpected
  select
    'ledger', b.id,
    jsonb_build_object('stripe', l.stripe, 'money', m.stripe, 'suspense', l.suspense, 'owed', m.suspense)
  from public.bookings b
  cross join lateral (
    select
      coalesce(sum(x.amount_minor) filter (where x.account = 'stripe'), 0) as stripe,
      coalesce(sum(x.amount_minor) filter (where x.account = 'suspense'), 0) as suspense
    from public.ledger_entries x
    where x.booking_id = b.id
  ) l
  cross join lateral (
    select coalesce(sum(x.stripe), 0) as stripe, coalesce(sum(x.suspense), 0) as suspense
    from (
      select p.amount_minor as stripe, case p.status when 'unexpected' then -p.amount_minor end as suspense
      from public.payments p
      where p.booking_id = b.id and p.status in ('succeeded', 'unexpected')
      union all
      select -r.amount_minor, case r.account when 'suspense' then r.amount_minor end
      from public.refunds r
      where r.booking_id = b.id and r.status = 'succeeded'
    ) x
  ) m
  where l.stripe <> m.stripe or l.suspense <> m.suspense
  union all
  -- somebody's money that is still here: until it has gone back it is to be looked at
  select 'money_returned', p.id, jsonb_build_object('booking_id', p.booking_id, 'came', p.amount_minor)
  from public.payments p
  where p.status = 'unexpected'
    and p.amount_minor > (
      select coalesce(sum(r.amount_minor), 0) from public.refunds r where r.payment_id = p.id and r.status = 'succeeded'
    )
  union all
  select
    'refund_failed', r.id,
    jsonb_build_object('booking_id', r.booking_id, 'amount', r.amount_minor, 'error', r.error)
  from public.refunds r
  where r.status = 'failed' and r.reason <> 'by_platform'
    and not exists (select from public.refunds x where x.replaces = r.id)
  union all
  -- what Stripe tells has gone, and has not come back, is booked
  select 'gone_and_not_booked', md5(e.object)::uuid, jsonb_build_object(
    'object', e.object, 'booking_id', p.booking_id, 'went', e.went, 'booked', coalesce(r.booked, 0)
  )
  from (
    select
      x.payload -> 'object' ->> 'id' as object, max(x.payload -> 'object' ->> 'payment_intent') as intent,
      max((x.payload -> 'object' ->> 'amount')::bigint) as went
    from public.stripe_events x
    where x.applied_at is not null
      and x.type in ('refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated')
    group by 1
    having bool_or(x.payload -> 'object' ->> 'status' = 'succeeded')
      and not bool_or(x.payload -> 'object' ->> 'status' in ('failed', 'canceled'))
    union all
    select
      x.payload -> 'object' ->> 'id', max(x.payload -> 'object' ->> 'payment_intent'),
      max((x.payload -> 'object' ->> 'amount')::bigint) filter (where x.type = 'charge.dispute.funds_withdrawn')
        - coalesce(sum((x.payload -> 'object' ->> 'amount')::bigint) filter (where x.outcome = 'reinstated'), 0)
    from public.stripe_events x
    where x.applied_at is not null
      and x.type in ('charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated')
    group by 1
  ) e
  left join public.payments p on p.stripe_payment_intent = e.intent
  left join (
    select private.stripe_object(x.stripe_refund_id) as object, sum(x.amount_minor) as booked
    from public.refunds x
    where x.status = 'succeeded' and x.stripe_refund_id is not null
    group by 1
  ) r on r.object = e.object
  where e.went <> coalesce(r.booked, 0)
  union all
  select 'dispute_open', p.id, jsonb_build_object('dispute', e.payload -> 'object' ->> 'id', 'booking_id', p.booking_id)
  from public.stripe_events e
  join public.payments p on p.stripe_payment_intent = e.payload -> 'object' ->> 'payment_intent'
  where e.type = 'charge.dispute.created'
    and not exists (
      select
      from public.stripe_events x
      where x.type = 'charge.dispute.closed' and x.payload -> 'object' ->> 'id' = e.payload -> 'object' ->> 'id'
    )
  union all
  -- for ten minutes it may be waiting for another that is on its way
  select 'event_waiting', md5(e.id)::uuid, jsonb_build_object('event', e.id, 'type', e.type, 'outcome', e.outcome)
  from public.stripe_events e
  where e.applied_at is null and e.received_at < now() - interval '10 minutes'
  union all
  select 'posting', e.posting_id, jsonb_build_object('sum', sum(e.amount_minor))
  from public.ledger_entries e
  group by e.posting_id
  having sum(e.amount_minor) <> 0
  union all
  -- what is to come shows the local time that was promised
  select 'promised_time', x.id, jsonb_build_object('of', x.of, 'promised', x.promised, 'shows', x.shows)
  from (
    select b.id, 'booking' as of, b.local_starts_at as promised, private.to_local(b.starts_at, b.time_zone) as shows
    from live b
    where b.starts_at > now()
    union all
    select
      b.id, 'way_back', (b.before_change ->> 'local_starts_at')::timestamp,
      private.to_local((b.before_change ->> 'starts_at')::timestamptz, b.time_zone)
    from live b
    where b.before_change is not null and b.session_id is null
    union all
    select s.id, 'session', s.local_starts_at, private.to_local(s.starts_at, p.time_zone)
    from public.sessions s
    join public.providers p on p.id = s.provider_id
    where s.starts_at > now()
    union all
    select c.id, 'closure', e.promised, private.to_local(e.at, p.time_zone)
    from public.closures c
    join public.providers p on p.id = c.provider_id
    cross join lateral (
      values (lower(c.period), c.local_starts_at), (upper(c.period), c.local_ends_at)
    ) as e (at, promised)
    where e.at > now()
    union all
    select w.id, 'waitlist_entry', e.promised, private.to_local(e.at, p.time_zone)
    from public.waitlist_entries w
    join public.providers p on p.id = w.provider_id
    cross join lateral (
      values (lower(w.period), lower(w.local_period)), (upper(w.period), upper(w.local_period))
    ) as e (at, promised)
    where w.status in ('waiting', 'offered') and e.at > now()
    union all
    select c.id, 'promo_code', e.promised, private.to_local(e.at, p.time_zone)
    from public.promo_codes c
    join public.providers p on p.id = c.provider_id
    cross join lateral (
      values (c.valid_from, c.local_valid_from), (c.valid_to, c.local_valid_to)
    ) as e (at, promised)
    where e.at > now()
  ) as x
  where x.promised <> x.shows
  union all
  -- nothing of ours uses a server's zone files, but a person who asks it in Studio would be told another time
  select 'clocks_of_server', md5(d.zone)::uuid, jsonb_build_object(
    'zone', d.zone, 'at', d.at, 'ahead', d.ahead, 'server', d.server_ahead
  )
  from private.clock_differences(array(select distinct p.time_zone from public.providers p)) d;
$$;

-- Compares, keeps new breaches as rows and closes those that are gone. Returns how many are open.
create function private.check_invariants()
returns int
language plpgsql
security definer
set search_path = ''
as $$
begin
  with breaches as materialized (
    select * from private.broken_invariants()
  ),
  gone as (
    update public.invariant_findings f
    set resolved_at = now()
    where f.resolved_at is null
      and not exists (select from breaches b where b.rule = f.rule and b.subject_id = f.subject_id)
  )
  insert into public.invariant_findings (rule, subject_id, details)
  select b.rule, b.subject_id, b.details from breaches b
  on conflict (rule, subject_id) where resolved_at is null do nothing;
  return (select count(*) from public.invariant_findings f where f.resolved_at is null);
end;
$$;

create function private.clock_state()
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'release', r.release,
    'server_agrees', not exists (
      select from public.invariant_findings f where f.rule = 'clocks_of_server' and f.resolved_at is null
    ),
    'samples', (
      select jsonb_agg(
        jsonb_build_object(
          'zone', c.zone, 'at', greatest(c.at, now()), 'ahead', (extract(epoch from c.ahead) / 60)::int
        )
      )
      from (
        select x.zone, x.at, x.ahead, lead(x.at, 1, 'infinity') over (partition by x.zone order by x.at) as until
        from private.clock_changes x
        where x.zone in (select distinct p.time_zone from public.providers p where p.status = 'published' limit 50)
      ) as c
      where c.until > now() and c.at < now() + interval '730 days'
    )
  )
  from private.clock_release r;
$$;

-- How it stands with the clocks, for monitors: {"release": IANA's, "server_agrees": false where the last check of the
-- invariants found that the server's own zone files tell another time, "samples": [{"zone", "at", "ahead" (minutes)}]},
-- each offset that zones of published providers have now and in the next two years, for others to compare theirs with.
create function public.clock_state()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.clock_state();
$$;
grant execute on function private.clock_state() to anon, authenticated, service_role;
grant execute on function public.clock_state() to anon, authenticated, service_role;
