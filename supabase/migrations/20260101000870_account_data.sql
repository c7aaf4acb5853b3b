-- What belongs to an account: all of it to take away, and its deletion. A new table that holds something of people gets
-- its line in both; the test that searches the whole database for a deleted person finds what was forgotten.

create function private.export_my_data()
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
begin
  if me is null then
    perform private.fail(403, 'not_allowed');
  end if;
  return jsonb_build_object(
    'account.json', (
      select jsonb_build_object(
        'id', u.id, 'email', u.email, 'created_at', u.created_at, 'last_sign_in_at', u.last_sign_in_at,
        'sign_in_with', (select jsonb_agg(i.provider order by i.created_at) from auth.identities i where i.user_id = u.id)
      )
      from auth.users u
      where u.id = me
    ),
    'profile.json', (select to_jsonb(p) from public.profiles p where p.id = me),
    'sessions.json', (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from private.my_sessions() as s),
    'roles.json', (select coalesce(jsonb_agg(to_jsonb(r) - 'user_id'), '[]') from public.user_roles r where r.user_id = me),
    'teams.json', (
      select coalesce(jsonb_agg(jsonb_build_object('provider', p.name, 'role', m.role, 'since', m.created_at)), '[]')
      from public.provider_members m
      join public.providers p on p.id = m.provider_id
      where m.user_id = me
    ),
    'bookings.json', (
      select coalesce(
        jsonb_agg(
          to_jsonb(b) - array['idempotency_key', 'refund_cap_percent']
          || jsonb_build_object(
            'provider', p.name, 'service', s.name_fr,
            'history', (
              select jsonb_agg(jsonb_build_object('at', e.created_at, 'status', e.to_status, 'by', e.actor, 'reason', e.reason) order by e.created_at)
              from public.booking_events e
              where e.booking_id = b.id
            ),
            'payments', (
              select jsonb_agg(jsonb_build_object('at', y.created_at, 'amount_minor', y.amount_minor, 'currency', y.currency, 'status', y.status))
              from public.payments y
              where y.booking_id = b.id
            ),
            'refunds', (
              select jsonb_agg(jsonb_build_object('at', f.created_at, 'amount_minor', f.amount_minor, 'status', f.status))
              from public.refunds f
              where f.booking_id = b.id
            )
          )
          order by b.starts_at
        ),
        '[]'
      )
      from public.bookings b
      join public.providers p on p.id = b.provider_id
      join public.services s on s.id = b.service_id
      where b.customer_id = me
    ),
    'waitlist.json', (select coalesce(jsonb_agg(to_jsonb(w)), '[]') from public.waitlist_entries w where w.customer_id = me),
    'conversations.json', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'provider', p.name,
            'messages', (
              select jsonb_agg(jsonb_build_object('at', m.created_at, 'from', m.side, 'body', m.body, 'attachment', m.attachment_path) order by m.created_at)
              from public.messages m
              where m.conversation_id = c.id
            )
          )
        ),
        '[]'
      )
      from public.conversations c
      join public.providers p on p.id = c.provider_id
      where c.customer_id = me
    ),
    'reviews.json', (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.reviews r where r.author_id = me),
    'notifications.json', (
      select coalesce(jsonb_agg(to_jsonb(n) - 'user_id' order by n.created_at), '[]')
      from public.notifications n
      where n.user_id = me
    ),
    'audit.json', (
      select coalesce(jsonb_agg(to_jsonb(a) - 'id' order by a.at), '[]')
      from public.audit_log a
      where a.actor_id = me
    )
  );
end;
$$;

-- Everything there is of the caller, as files of JSON by name. Raises not_allowed for visitors.
create function public.export_my_data()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.export_my_data();
$$;
grant execute on function private.export_my_data() to authenticated;
grant execute on function public.export_my_data() to authenticated;

create function private.account_deletion_obstacles()
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'last_owner_of', (
      select coalesce(jsonb_agg(p.name order by p.name collate "und-x-icu"), '[]')
      from public.provider_members m
      join public.providers p on p.id = m.provider_id
      where m.user_id = (select private.me()) and m.role = 'owner'
        and not exists (
          select
          from public.provider_members o
          where o.provider_id = m.provider_id and o.role = 'owner' and o.user_id <> m.user_id
        )
    ),
    'upcoming_bookings', (
      select count(*)
      from public.bookings b
      where b.customer_id = (select private.me()) and b.ends_at > now()
        and b.status in ('held', 'pending', 'confirmed', 'in_progress')
    )
  );
$$;

-- What stands in the way of deleting the caller's account: {"last_owner_of": [names of providers], "upcoming_bookings": n}.
create function public.account_deletion_obstacles()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select private.account_deletion_obstacles();
$$;
grant execute on function private.account_deletion_obstacles() to authenticated;
grant execute on function public.account_deletion_obstacles() to authenticated;

-- A JSON value with some texts taken out of all its strings.
create function private.redact(value jsonb, secrets text[])
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  content text;
  secret text;
begin
  case jsonb_typeof(value)
    when 'object' then
      return (select coalesce(jsonb_object_agg(o.key, private.redact(o.value, secrets)), '{}') from jsonb_each(value) as o);
    when 'array' then
      return (
        select coalesce(jsonb_agg(private.redact(e.value, secrets) order by e.n), '[]')
        from jsonb_array_elements(value) with ordinality as e (value, n)
      );
    when 'string' then
      content := value #>> '{}';
      foreach secret in array secrets loop
        content := replace(content, secret, '—');
      end loop;
      return to_jsonb(content);
    else
      return value;
  end case;
end;
$$;

create function private.delete_my_account()
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
  obstacles jsonb;
  mail text;
  secrets text[];
  -- the same as they stand inside JSON
  quoted text[];
  theirs uuid[];
  refs text[];
  talks text[];
begin
  -- as others who change these teams begin
  perform from public.providers p
  where p.id in (select m.provider_id from public.provider_members m where m.user_id = me)
  order by p.id
  for no key update;
  obstacles := private.account_deletion_obstacles();
  if me is null then
    perform private.fail(403, 'not_allowed');
  elsif obstacles -> 'last_owner_of' <> '[]' then
    perform private.fail(409, 'last_owner');
  elsif (obstacles ->> 'upcoming_bookings')::int > 0 then
    perform private.fail(409, 'invalid_transition', 'bookings');
  end if;
  select lower(u.email), array_remove(array[u.email, p.full_name, p.phone], null)
  into mail, secrets
  from auth.users u
  join public.profiles p on p.id = u.id
  where u.id = me;

  -- What commercial law keeps for ten years stays, without a name: the booking, its money, its history. Bookings made as
  -- a guest with the same, now proven address are theirs too.
  select array_agg(b.id), array_agg(b.reference), secrets || array_agg(distinct b.customer_name) || array_remove(array_agg(distinct b.customer_phone), null)
  into theirs, refs, secrets
  from public.bookings b
  where b.customer_id = me or lower(b.customer_email) = mail;
  quoted := array(select substr(to_json(secret)::text, 2, length(to_json(secret)::text) - 2) from unnest(secrets) as secret);
  update public.bookings b
  set
    customer_id = null, customer_name = '—', customer_email = 'deleted@account.invalid', customer_phone = null,
    address = null, notes = ''
  where b.id = any (theirs);
  update public.booking_events e
  set reason = ''
  where e.booking_id = any (theirs) and e.actor = 'customer' and e.reason not in ('', 'rescheduled', 'offered', 'no_thanks');
  delete from public.deliveries d
  where lower(d.recipient) = mail;
  update public.deliveries d
  set data = private.redact(d.data, secrets)
  where d.data ->> 'reference' = any (refs);
  update public.notifications n
  set data = private.redact(n.data, secrets)
  where n.booking_id = any (theirs) and n.user_id <> me;

  select array_agg(c.id::text) into talks from public.conversations c where c.customer_id = me;
  delete from public.notifications n where n.data ->> 'conversation_id' = any (talks);
  delete from public.conversations c where c.customer_id = me;
  -- what went over live channels is kept for some days
  delete from realtime.messages m
  where m.topic = 'user:' || me or m.topic = any (select 'conversation:' || talk from unnest(talks) as talk);
  delete from realtime.messages m
  where exists (select from unnest(quoted) as secret where strpos(m.payload::text, secret) > 0);

  update public.reviews r set author_name = '—' where r.author_id = me;
  delete from public.waitlist_entries w where w.customer_id = me or lower(w.customer_email) = mail;
  delete from public.invitations i where i.email = mail;
  update public.resources r set name = '—' where r.user_id = me;
  delete from private.rate_counters c where c.caller = me::text;
  delete from auth.audit_log_entries a
  where strpos(a.payload::text, me::text) > 0 or strpos(lower(a.payload::text), mail) > 0;
  delete from auth.flow_state f where f.user_id = me;
  delete from auth.users u where u.id = me;

  -- The log keeps what was done and when; last, as the steps above are in it too.
  update public.audit_log a
  set
    actor_id = case when a.actor_id <> me then a.actor_id end,
    address = case when a.actor_id <> me then a.address end,
    old_values = private.redact(a.old_values, secrets || mail),
    new_values = private.redact(a.new_values, secrets || mail)
  where a.actor_id = me
    or exists (
      select from unnest(quoted || mail) as secret where strpos(concat(a.old_values, a.new_values), secret) > 0
    );
end;
$$;

-- Deletes the caller's account for good: what is personal goes, what the law keeps stays without a name. The person's files
-- are removed beforehand by the edge function `account`. Raises not_allowed for visitors, last_owner, invalid_transition
-- (bookings) while bookings are to come.
create function public.delete_my_account()
returns void
language sql
set search_path = ''
as $$
  select private.delete_my_account();
$$;
grant execute on function private.delete_my_account() to authenticated;
grant execute on function public.delete_my_account() to authenticated;
