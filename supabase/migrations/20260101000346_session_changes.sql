-- Sessions that move or are called off: everybody who is booked there, holds a place or waits for one is carried along.

-- each is a mail to everybody who is booked: nobody is to be told ten times a day where the film begins
insert into private.rate_limits (name, max_calls, per) values ('move_session', 10, '1 day');

-- A session as move_session and cancel_session leave it.
create type public.changed_session as (
  session_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_starts_at timestamp,
  active boolean,
  -- how many bookings were carried along or cancelled, and how many people waited for a place
  bookings int,
  waiting int,
  -- of a refusal, else null: see private.refused
  code text,
  message text,
  details text,
  hint text
);

-- Locks a session that is still to come with all the live bookings in it, and the sessions in which these keep a place,
-- lapsed holds cleared, for an owner or manager of its provider. Raises not_found, not_allowed, invalid_transition
-- (called_off, begun).
-- Nobody who holds a place waits for a booking (see private.set_status): one that is just being changed is waited for
-- with the session let go, and then all is looked at anew.
create function private.lock_session(session uuid)
returns public.sessions
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.sessions;
  others uuid[];
begin
  select * into t from public.sessions x where x.id = session;
  if t.id is null then
    perform private.fail(404, 'not_found', 'session_id');
  end if;
  if private.my_part(t.provider_id) = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  -- of one business one after the other: each locks many bookings
  perform private.lock_provider(t.provider_id);
  loop
    begin
      others := array(
        select c.session_id
        from public.bookings b
        cross join lateral private.session_claims(b) c
        where b.session_id = session and b.before_change is not null
      );
      perform private.lock_sessions(null, session || others);
      select * into t from public.sessions x where x.id = session;
      if not t.active or t.starts_at <= now() then
        perform private.fail(409, 'invalid_transition', case when t.active then 'begun' else 'called_off' end);
      end if;
      perform private.expire_holds(session => session);
      if (
        select count(*)
        from (
          select from public.bookings b
          where b.session_id = session and b.status in ('held', 'pending', 'confirmed', 'in_progress')
          for update skip locked
        ) as mine
      ) = (
        select count(*)
        from public.bookings b
        where b.session_id = session and b.status in ('held', 'pending', 'confirmed', 'in_progress')
      ) and not exists (
        select
        from public.bookings b
        cross join lateral private.session_claims(b) c
        where b.session_id = session and b.before_change is not null and c.session_id <> all (session || others)
      ) then
        return t;
      end if;
      raise exception 'a booking is being changed' using errcode = 'KH001';
    exception
      when sqlstate 'KH001' then
        null;
    end;
    perform from public.bookings b
    where b.session_id = session and b.status in ('held', 'pending', 'confirmed', 'in_progress')
    order by b.id
    for update;
  end loop;
end;
$$;

create function private.move_session(session uuid, at timestamptz)
returns public.changed_session
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.sessions := private.lock_session(session);
  before timestamptz := t.starts_at;
  carried int := 0;
  entries uuid[];
begin
  if not private.in_calendar(at) or at <= now() then
    perform private.fail(422, 'invalid_input', 'starts_at');
  end if;
  perform private.check_move_notice(before, at);
  if at <> before then
    if exists (select from public.bookings b where b.session_id = t.id and b.status = 'in_progress') then
      perform private.fail(409, 'invalid_transition', 'begun');
    end if;
    perform private.count_call('move_session', t.id::text);
    update public.sessions x
    set starts_at = at, ends_at = at + (x.ends_at - x.starts_at)
    where x.id = t.id
    returning * into t;
    with moved as (
      update public.bookings b
      set
        starts_at = t.starts_at,
        ends_at = t.ends_at,
        local_starts_at = private.to_local(t.starts_at, b.time_zone),
        -- what the old start cut short is asked for anew; no deadline comes after the new one (private.keep_deadlines)
        answer_by = case
          when b.answer_by = b.starts_at then private.answer_by(b.provider_id, t.starts_at)
          else b.answer_by
        end,
        free_to_cancel = true,
        refund_cap_percent = 100
      where b.session_id = t.id and b.status in ('held', 'pending', 'confirmed')
      returning b.id, b.status
    ), written as (
      insert into public.booking_events (booking_id, from_status, to_status, actor, actor_id, reason, moved_from)
      select m.id, m.status, m.status, 'provider', private.me(), 'rescheduled', before
      from moved m
      returning 1
    )
    select count(*) into carried from written;

    -- An account stands in line once for one time: who waits already for another session that is then keeps that place.
    update public.waitlist_entries w
    set status = 'left'
    where w.session_id = t.id and w.status = 'waiting'
      and exists (
        select
        from public.waitlist_entries o
        where o.service_id = w.service_id and o.customer_id = w.customer_id and o.status = 'waiting'
          and lower(o.period) = t.starts_at and o.id <> w.id
      );
    -- who was offered a place is told of their hold
    with moved as (
      update public.waitlist_entries w
      set period = tstzrange(t.starts_at, t.starts_at, '[]')
      where w.session_id = t.id and w.status in ('waiting', 'offered')
      returning w.id, w.status
    )
    select array_agg(m.id) filter (where m.status = 'waiting') into entries from moved m;
    perform private.tell_waiters(entries, 'waitlist_moved', t, before);
  end if;
  return (
    t.id, t.starts_at, t.ends_at, t.local_starts_at, t.active, carried, coalesce(cardinality(entries), 0),
    null, null, null, null
  )::public.changed_session;
end;
$$;

-- Moves a session to another start, as an owner or manager of its provider; it lasts as long as before, in the same
-- room. Who is booked or holds a place there moves along, is told of both times once, and may cancel until the start
-- with all back, whatever the policy says, and until a day after it where that was less than a day away; who waits for
-- it waits for it then. The start that it has already changes nothing. Ten times a day for one session. Raises
-- not_found, not_allowed, invalid_transition (begun, called_off), invalid_input (starts_at: none, or past), too_soon,
-- slot_taken where something else has the room then, limit_reached, rate_limited.
create function public.move_session(session_id uuid, starts_at timestamptz)
returns public.changed_session
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('change_booking');
  begin
    return private.move_session(session_id, starts_at);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.changed_session, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.move_session(uuid, timestamptz) to authenticated;
grant execute on function public.move_session(uuid, timestamptz) to authenticated;

create function private.cancel_session(session uuid, reason text)
returns public.changed_session
language plpgsql
security definer
set search_path = ''
as $$
declare
  t public.sessions := private.lock_session(session);
  b public.bookings;
  ended int := 0;
  entries uuid[];
begin
  update public.sessions x set active = false where x.id = t.id;
  for b in
    select *
    from public.bookings x
    where x.session_id = t.id and x.status in ('held', 'pending', 'confirmed', 'in_progress')
    order by x.id
  loop
    -- who has only asked to come here, or has not paid for dearer seats yet, stays where they were
    if not private.put_back(b) and not (b.seats is not null and private.put_back(b, lapsed => true)) then
      perform private.give_all_back(private.set_status(b.id, 'cancelled', 'provider', reason), 'cancelled_by_provider');
    end if;
    ended := ended + 1;
  end loop;

  -- Who waits for any start of the service, and was offered one in this session, is back in the line; unless they
  -- joined it once more meanwhile.
  with back as (
    update public.waitlist_entries w
    set status = 'waiting'
    from public.bookings x
    where x.session_id = t.id and x.status = 'cancelled' and x.waitlist_entry_id = w.id
      and w.status = 'offered' and w.session_id is null and upper(w.period) > now()
      and not exists (
        select
        from public.waitlist_entries o
        where o.service_id = w.service_id and o.customer_id = w.customer_id and o.status = 'waiting'
          and lower(o.period) = lower(w.period)
      )
    returning w.id
  )
  -- the answer to this offer is none to the next
  update public.bookings x
  set waitlist_entry_id = null
  from back
  where x.waitlist_entry_id = back.id;
  with over as (
    select w.id, w.status as was
    from public.waitlist_entries w
    where w.status in ('waiting', 'offered')
      and (
        w.session_id = t.id
        or (
          w.status = 'offered'
          and w.id in (select x.waitlist_entry_id from public.bookings x where x.session_id = t.id)
        )
      )
    order by w.id
    for update
  ), ended as (
    update public.waitlist_entries w set status = 'lapsed' from over o where o.id = w.id returning w.id, o.was
  )
  -- whose hold was cancelled knows of it
  select array_agg(e.id) filter (where e.was = 'waiting') into entries from ended e;
  select * into t from public.sessions x where x.id = t.id;
  perform private.tell_waiters(entries, 'waitlist_called_off', t, t.starts_at);
  return (
    t.id, t.starts_at, t.ends_at, t.local_starts_at, t.active, ended, coalesce(cardinality(entries), 0),
    null, null, null, null
  )::public.changed_session;
end;
$$;

-- Calls a session off for good, as an owner or manager of its provider: its room is free, all that is booked or held
-- there is cancelled with the reason (but for changes that are not settled: these come to nothing), everything paid
-- goes back whatever the policy says, and who waited is told; each once. One that is called off already is an
-- invalid_transition. Raises not_found, not_allowed, invalid_transition (begun, called_off), rate_limited.
create function public.cancel_session(session_id uuid, reason text default '')
returns public.changed_session
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('change_booking');
  begin
    return private.cancel_session(session_id, reason);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return jsonb_populate_record(null::public.changed_session, private.refused(sqlstate, message, details, hint));
  end;
end;
$$;
grant execute on function private.cancel_session(uuid, text) to authenticated;
grant execute on function public.cancel_session(uuid, text) to authenticated;
