-- Messaging: one conversation between a customer and a provider, beside all their bookings. A customer who deletes the
-- account takes along what they wrote; what the provider wrote stays with the provider, who can answer nobody any more.

create table public.conversations (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  -- null after that account is gone
  customer_id uuid references auth.users (id) on delete set null,
  last_message_at timestamptz,
  last_message_preview text not null default '',
  created_at timestamptz not null default now(),
  unique (provider_id, customer_id)
);
create index conversations_customer_id on public.conversations (customer_id, last_message_at desc);
create index conversations_provider_id on public.conversations (provider_id, last_message_at desc);
alter table public.conversations enable row level security;
grant select on public.conversations to authenticated;
create policy "both sides read their conversations"
  on public.conversations for select to authenticated
  using (customer_id = (select private.me()) or provider_id in (select private.my_providers()));

create table public.messages (
  id uuid primary key default private.new_id(),
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  sender_id uuid references auth.users (id) on delete set null,
  side public.message_side not null,
  body text not null constraint messages_body_length check (char_length(body) <= 4000),
  -- `<conversation>/<uuid>.<extension>` in the bucket `messages`
  attachment_path text unique constraint messages_attachment_path_form check (
    attachment_path ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/'
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{2,5}$'
  ),
  created_at timestamptz not null default clock_timestamp(),
  constraint messages_not_empty check (body <> '' or attachment_path is not null)
);
create index messages_conversation_id on public.messages (conversation_id, created_at, id);
create index messages_sender_id on public.messages (sender_id);
alter table public.messages enable row level security;
grant select on public.messages to authenticated;
create trigger clean_text before insert or update of body on public.messages
  for each row execute function private.clean_text('body');
create policy "both sides read their messages"
  on public.messages for select to authenticated
  using (conversation_id in (select c.id from public.conversations c));

-- How far each person has read.
create table public.conversation_reads (
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  read_at timestamptz not null,
  primary key (conversation_id, user_id)
);
create index conversation_reads_user_id on public.conversation_reads (user_id);
alter table public.conversation_reads enable row level security;
grant select on public.conversation_reads to authenticated;
create policy "both sides see how far the other has read"
  on public.conversation_reads for select to authenticated
  using (conversation_id in (select c.id from public.conversations c));

-- Which side the caller is on; null for a stranger.
create function private.conversation_side(conversation uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select case
    when c.customer_id = (select private.me()) then 'customer'
    when private.is_member(c.provider_id) then 'provider'
  end
  from public.conversations c
  where c.id = conversation;
$$;
grant execute on function private.conversation_side(uuid) to anon, authenticated;

-- An account that books gets its conversation with the provider at once, so that either side can open it.
create function private.open_conversation()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.conversations (provider_id, customer_id)
  values (new.provider_id, new.customer_id)
  on conflict (provider_id, customer_id) do nothing;
  return null;
end;
$$;
create trigger open_conversation after insert on public.bookings
  for each row when (new.customer_id is not null)
  execute function private.open_conversation();

create function private.send_message(
  conversation_id uuid, provider_id uuid, body text, attachment_path text
)
returns public.messages
language plpgsql
security definer
set search_path = ''
as $$
declare
  me uuid := (select private.me());
  -- what is left of it when it is written down
  said text := coalesce(trim(private.without_tricks(body)), '');
  talk uuid := conversation_id;
  my_side public.message_side;
  sent public.messages;
begin
  if me is null then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.count_call('send_message');
  if char_length(said) not between 1 and 4000 and not (said = '' and attachment_path is not null) then
    perform private.fail(422, 'invalid_input', 'body');
  end if;
  if talk is null then
    if not private.is_published(provider_id) or private.is_member(provider_id) then
      perform private.fail(404, 'not_found', 'provider_id');
    end if;
    insert into public.conversations as c (provider_id, customer_id)
    values (send_message.provider_id, me)
    on conflict on constraint conversations_provider_id_customer_id_key
      do update set provider_id = excluded.provider_id
    returning c.id into talk;
  end if;
  my_side := private.conversation_side(talk);
  if my_side is null then
    perform private.fail(404, 'not_found', 'conversation_id');
  end if;
  -- deleting the account waits for this, or is seen here
  perform from public.conversations c where c.id = talk and c.customer_id is not null for key share;
  if not found then
    perform private.fail(403, 'not_allowed', 'customer');
  end if;
  if attachment_path is not null then
    perform private.require_file('messages', talk, attachment_path, 'attachment_path');
  end if;
  insert into public.messages as m (conversation_id, sender_id, side, body, attachment_path)
  values (talk, me, my_side, said, send_message.attachment_path)
  returning m.* into sent;
  update public.conversations c
  set last_message_at = sent.created_at, last_message_preview = left(sent.body, 140)
  where c.id = talk;
  perform private.mark_read(talk);
  return sent;
end;
$$;

create function private.mark_read(conversation_id uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if private.conversation_side(mark_read.conversation_id) is null then
    perform private.fail(404, 'not_found', 'conversation_id');
  end if;
  insert into public.conversation_reads as r (conversation_id, user_id, read_at)
  values (mark_read.conversation_id, (select private.me()), clock_timestamp())
  on conflict on constraint conversation_reads_pkey do update set read_at = excluded.read_at;
end;
$$;

-- Sends a message in a conversation, or to a provider (which starts the conversation). Returns the message.
-- Raises not_allowed, not_found, invalid_input, rate_limited.
create function public.send_message(
  conversation_id uuid default null, provider_id uuid default null, body text default '',
  attachment_path text default null
)
returns public.messages
language sql
set search_path = ''
as $$
  select private.send_message(conversation_id, provider_id, body, attachment_path);
$$;
grant execute on function private.send_message(uuid, uuid, text, text) to authenticated;
grant execute on function public.send_message(uuid, uuid, text, text) to authenticated;

-- Remembers that the caller has read the conversation up to now. Raises not_found.
create function public.mark_read(conversation_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.mark_read(conversation_id);
$$;
grant execute on function private.mark_read(uuid) to authenticated;
grant execute on function public.mark_read(uuid) to authenticated;
