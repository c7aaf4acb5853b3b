-- What belongs to an account: all of it to take away, and its deletion. A new table that holds something of people gets
-- its line in both; the test that searches the whole database for a deleted person finds what was forgotten. Rows are
-- found by their keys alone: what somebody is called, or what a guest once typed, finds nothing.

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
        'sign_in_with', (
          select jsonb_agg(i.provider order by i.created_at) from auth.identities i where i.user_id = u.id
        )
      )
      from auth.users u
      where u.id = me
    ),
    'profile.json', (select to_jsonb(p) from public.profiles p where p.id = me),
    'sessions.json', (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from private.my_sessions() as s),
    'roles.json', (
      select coalesce(jsonb_agg(to_jsonb(r) - 'user_id'), '[]') from public.user_roles r where r.user_id = me
    ),
    'teams.json', (
      select coalesce(jsonb_agg(jsonb_build_object('provider', p.name, 'role', m.role, 'since', m.created_at)), '[]')
      from public.provider_members m
      join public.providers p on p.id = m.provider_id
      where m.user_id = me
    ),
    'bookings.json', (
      select coalesce(
        jsonb_agg(
          to_jsonb(b) - array['idempotency_key', 'refund_cap_percent', 'before_change']
          || jsonb_build_object(
            'provider', p.name, 'service', s.name_fr,
            'history', (
              select jsonb_agg(
                jsonb_build_object('at', e.created_at, 'status', e.to_status, 'by', e.actor, 'reason', e.reason)
                order by e.created_at
              )
              from public.booking_events e
              where e.booking_id = b.id
            ),
            'payments', (
              select jsonb_agg(jsonb_build_object(
                'at', y.created_at, 'amount_minor', y.amount_minor, 'currency', y.currency, 'status', y.status
              ))
              from public.payments y
              where y.booking_id = b.id
            ),
            'refunds', (
              select jsonb_agg(
                jsonb_build_object('at', f.created_at, 'amount_minor', f.amount_minor, 'status', f.status)
              )
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
    'waitlist.json', (
      select coalesce(jsonb_agg(to_jsonb(w)), '[]') from public.waitlist_entries w where w.customer_id = me
    ),
    'conversations.json', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'provider', p.name,
            'messages', (
              select jsonb_agg(
                jsonb_build_object('at', m.created_at, 'from', m.side, 'body', m.body, 'attachment', m.attachment_path)
                order by m.created_at
              )
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
    'start_requests.json', (
      select coalesce(jsonb_agg(to_jsonb(r) - array['account_id', 'decided_by'] order by r.created_at), '[]')
      from public.start_requests r
      where r.account_id = me
    ),
    'reviews.json', (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from public.reviews r where r.author_id = me),
    'notifications.json', (
      select coalesce(jsonb_agg(to_jsonb(n) - 'user_id' order by n.created_at), '[]')
      from public.notifications n
      where n.user_id = me
    ),
    'audit.json', (
      select coalesce(
        jsonb_agg(
          to_jsonb(a) - array['id', 'actor_id']
          || jsonb_build_object(
            'personal', (
              select jsonb_agg(jsonb_strip_nulls(to_jsonb(v) - array['id', 'entry_id', 'account_id', 'provider_id']))
              from public.audit_personal v
              where v.entry_id = a.id and v.account_id = me
            )
          )
          order by a.at
        ),
        '[]'
      )
      from public.audit_log a
      join private.pseudonyms p on p.id = a.actor_id
      where p.account_id = me
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

-- What stands in the way of deleting the caller's account: {"last_owner_of": [names of providers], "upcoming_bookings":
-- n}.
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

-- Files that are to go: their rows are gone, and no SQL removes what the storage keeps. The row is the order; the edge
-- function `account` carries it out and reports.
create table private.file_removals (
  id uuid primary key default private.new_id(),
  bucket text not null,
  -- a file, or with a / at its end all that is in a folder
  path text not null,
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create index file_removals_due on private.file_removals (next_attempt_at);
alter table private.file_removals enable row level security;
create trigger wake after insert on private.file_removals
  for each statement execute function private.wake_worker('account');

-- A file goes with the row that speaks of it, however that goes: no row, no file. The bucket is the argument; of a
-- photo the path is its folder.
create function private.remove_file()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  bucket constant text := tg_argv[0];
  gone text := to_jsonb(old) ->> case bucket when 'avatars' then 'avatar_path' else 'path' end;
begin
  insert into private.file_removals (bucket, path)
  values (bucket, gone || case bucket when 'photos' then '/' else '' end);
  return null;
end;
$$;
create trigger remove_file after delete on public.provider_documents
  for each row execute function private.remove_file('documents');
create trigger remove_file after delete on public.photos
  for each row execute function private.remove_file('photos');
create trigger remove_file after update of avatar_path on public.profiles
  for each row when (old.avatar_path is not null and old.avatar_path is distinct from new.avatar_path)
  execute function private.remove_file('avatars');

create function private.claim_file_removals(batch int)
returns table (id uuid, bucket text, path text)
language sql
volatile
security definer
set search_path = ''
as $$
  with due as (
    select r.id
    from private.file_removals r
    where r.next_attempt_at <= now()
    order by r.next_attempt_at
    limit batch
    for update skip locked
  )
  -- leased, with growing pauses up to six hours, and never given up: a file that stays public is not forgotten
  update private.file_removals r
  set
    attempts = r.attempts + 1,
    next_attempt_at = now() + make_interval(mins => least(power(2, r.attempts + 1)::int, 360))
  from due
  where r.id = due.id
  returning r.id, r.bucket, r.path;
$$;

-- Hands files and folders that are to go to the function `account`, each leased for some minutes.
create function public.claim_file_removals(batch int default 20)
returns table (id uuid, bucket text, path text)
language sql
volatile
set search_path = ''
as $$
  select * from private.claim_file_removals(batch);
$$;
grant execute on function private.claim_file_removals(int) to service_role;
grant execute on function public.claim_file_removals(int) to service_role;

create function private.finish_file_removal(removal uuid)
returns void
language sql
security definer
set search_path = ''
as $$
  delete from private.file_removals r where r.id = removal;
$$;

-- The function's word that a file or folder is gone. What is not reported is tried again.
create function public.finish_file_removal(removal_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.finish_file_removal(removal_id);
$$;
grant execute on function private.finish_file_removal(uuid) to service_role;
grant execute on function public.finish_file_removal(uuid) to service_role;

-- Takes a person out of all that stays when their account goes, whoever deletes it: they themselves, Auth's own API,
-- Studio. What commercial law keeps for ten years stays without a name: the booking, its money, its history. What
-- others wrote stays as it is.
create function private.erase_account()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  theirs uuid[];
  talks uuid[];
  posts uuid[];
  calls uuid[];
begin
  perform private.record(private.me(), 'delete', 'auth.users', old.id::text);

  -- locked as those who book do it
  perform from public.resources r where r.named_after = old.id order by r.id for no key update;
  select array_agg(r.id) into posts from public.resources r where r.named_after = old.id;
  update public.resources r set name = '—', user_id = null where r.id = any (posts);
  select array_agg(i.id) into calls from public.invitations i where i.invitee_id = old.id;
  -- the same name and address as they were when these rows were nobody's yet
  delete from public.audit_personal v
  using public.audit_log a
  where a.id = v.entry_id
    and (
      (a.table_name = 'public.resources' and a.row_id = any (posts::text[]))
      or (a.table_name = 'public.invitations' and a.row_id = any (calls::text[]))
    );

  delete from public.provider_documents d where d.submitted_by = old.id and d.kind = 'identity';
  insert into private.file_removals (bucket, path) values ('avatars', old.id || '/');

  -- while their pseudonym is known still
  delete from public.user_roles r where r.user_id = old.id;
  delete from public.provider_members m where m.user_id = old.id;
  delete from public.invitations i where i.invitee_id = old.id;

  select array_agg(b.id) into theirs from public.bookings b where b.customer_id = old.id;
  update public.bookings b
  set
    customer_id = null, customer_name = '—', customer_email = 'deleted@account.invalid', customer_phone = null,
    address = null, notes = '', request_hash = null
  where b.id = any (theirs);
  delete from private.bearer_secrets s where s.subject_id = any (theirs);
  update public.booking_events e
  set reason = ''
  where e.booking_id = any (theirs) and e.actor = 'customer'
    and e.reason not in ('', 'rescheduled', 'offered', 'offer_accepted', 'no_thanks');
  update public.deliveries d
  set data = d.data || '{"name": "—"}'
  where d.booking_id = any (theirs) and d.account_id is distinct from old.id and d.data ? 'name';
  update public.notifications n
  set data = n.data || '{"name": "—"}'
  where n.booking_id = any (theirs) and n.user_id <> old.id and n.data ? 'name';
  update public.deliveries d set data = d.data || '{"from": "—"}' where d.sender_id = old.id;

  select array_agg(c.id) into talks from public.conversations c where c.customer_id = old.id;
  update public.notifications n
  set data = n.data || '{"from": "—"}'
  where n.conversation_id = any (talks) and n.user_id <> old.id;
  delete from public.messages m where m.conversation_id = any (talks) and m.side = 'customer';
  update public.conversations c
  set customer_id = null, last_message_at = rest.created_at, last_message_preview = coalesce(left(rest.body, 140), '')
  from unnest(talks) as talk (id)
  left join lateral (
    select m.created_at, m.body
    from public.messages m
    where m.conversation_id = talk.id
    order by m.created_at desc, m.id desc
    limit 1
  ) as rest on true
  where c.id = talk.id;
  -- what went over live channels is kept for some days
  delete from realtime.messages m
  where m.topic = 'user:' || old.id
    or m.topic in (
      select topic
      from
        unnest(talks) as talk,
        unnest(array['conversation:' || talk, 'conversation:' || talk || ':presence']) as topic
    );

  update public.reviews r set author_name = '—' where r.author_id = old.id;
  -- by the address that it has and by its own id, as private.key_of has it
  delete from private.known_places k
  where k.account in (private.account_key(nullif(old.email, '')), private.account_key(old.id::text));
  delete from private.sign_in_attempts a
  where a.account in (private.account_key(nullif(old.email, '')), private.account_key(old.id::text));
  delete from private.rate_counters c where split_part(c.caller, ' ', 1) = old.id::text;
  delete from auth.audit_log_entries a
  where a.payload ->> 'actor_id' = old.id::text or a.payload -> 'traits' ->> 'user_id' = old.id::text;
  delete from auth.flow_state f where f.user_id = old.id;
  return old;
end;
$$;
create trigger erase_account before delete on auth.users
  for each row execute function private.erase_account();

create function private.delete_my_account()
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := private.me();
  obstacles jsonb;
begin
  if me is null then
    perform private.fail(403, 'not_allowed');
  elsif exists (select from public.user_roles r where r.user_id = me) then
    perform private.fail(403, 'not_allowed', 'platform_role');
  end if;
  -- as others who change these teams begin
  perform from public.providers p
  where p.id in (select m.provider_id from public.provider_members m where m.user_id = me)
  order by p.id
  for no key update;
  -- And what others hold who are about to tell this account of it, before the account itself: they wait for that in
  -- turn.
  perform from public.bookings b where b.customer_id = me order by b.id for no key update;
  perform from public.resources r where r.named_after = me order by r.id for no key update;
  perform from public.waitlist_entries w where w.customer_id = me order by w.id for update;
  perform from public.conversations c where c.customer_id = me order by c.id for no key update;
  perform from public.invitations i where me in (i.invitee_id, i.invited_by) order by i.id for update;
  perform from public.start_requests r where me in (r.account_id, r.decided_by) order by r.id for update;
  perform from public.verifications v where v.decided_by = me order by v.id for no key update;
  perform from public.provider_documents d where d.submitted_by = me order by d.id for update;
  perform from public.provider_members m where m.user_id = me order by m.provider_id for update;
  perform from public.reviews r where r.author_id = me order by r.id for no key update;
  obstacles := private.account_deletion_obstacles();
  if obstacles -> 'last_owner_of' <> '[]' then
    perform private.fail(409, 'last_owner');
  elsif (obstacles ->> 'upcoming_bookings')::int > 0 then
    perform private.fail(409, 'invalid_transition', 'bookings');
  elsif not private.recently_proven() then
    perform private.fail(403, 'step_up_required');
  end if;
  delete from auth.users u where u.id = me;
end;
$$;

-- Deletes the caller's account for good: what is personal goes, what the law keeps stays without a name (see
-- private.erase_account); the person's files are queued to go with it. Raises not_allowed for visitors and
-- (platform_role) for staff of the platform, whose role somebody else takes away first; last_owner; invalid_transition
-- (bookings) while bookings are to come; step_up_required where who calls has not proved within the last 15 minutes who
-- they are.
create function public.delete_my_account()
returns void
language sql
set search_path = ''
as $$
  select private.delete_my_account();
$$;
grant execute on function private.delete_my_account() to authenticated;
grant execute on function public.delete_my_account() to authenticated;

-- Ends accounts whose address nobody has proven in a week, with all that was typed into them: Auth makes one for
-- whatever address is typed, which may be anybody's, and keeps it for ever.
create function private.forget_unproven_accounts()
returns void
language sql
volatile
security definer
set search_path = ''
as $$
  delete from auth.users u
  where u.id in (
    select x.id
    from auth.users x
    where x.email_confirmed_at is null and x.phone_confirmed_at is null and x.last_sign_in_at is null
      and x.created_at < now() - interval '7 days'
    order by x.created_at
    limit 1000
  );
$$;
