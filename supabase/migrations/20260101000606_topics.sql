-- Topics: who may listen to which channel, and speak there. On a topic of the database's comes that something happened,
-- by ids and kinds alone: what it is, each listener reads with their own rights. What clients say to each other
-- (typing, presence) has a topic of its own, where nothing is taken for data.

-- Who may listen to a topic. The topics are those of the architecture, written exactly so: user, conversation, provider
-- and service with an id, and conversation with an id and `:presence`.
create function private.may_listen(topic text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  parts text[] := regexp_match(
    topic, '^(user|provider|service|conversation):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(:presence)?$'
  );
  id uuid := parts[2];
begin
  return coalesce(
    case parts[1]
      when 'conversation' then private.conversation_side(id) is not null
      when 'service' then parts[3] is null
      when 'user' then parts[3] is null and id = (select private.me())
      when 'provider' then parts[3] is null and private.is_member(id)
    end,
    false
  );
end;
$$;
grant execute on function private.may_listen(text) to anon, authenticated;

create policy "visitors listen to services"
  on realtime.messages for select to anon
  using (extension = 'broadcast' and (select realtime.topic()) like 'service:%'
    and (select private.may_listen(realtime.topic())));
create policy "people listen to their own topics"
  on realtime.messages for select to authenticated
  using (
    (extension = 'broadcast' or (extension = 'presence' and (select realtime.topic()) like '%:presence'))
    and (select private.may_listen(realtime.topic()))
  );
create policy "both sides type and show presence beside their conversation"
  on realtime.messages for insert to authenticated
  with check (
    extension in ('broadcast', 'presence')
    and (select realtime.topic()) like 'conversation:%:presence'
    and (select private.may_listen(realtime.topic()))
  );

-- Whose right to listen has changed hears of it on their own topic, and their screens ask anew: to change a right does
-- not close a channel that is open. Members when their part or their provider's suspension changes, customers when
-- their conversation goes.
create function private.announce_member_rights()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  member public.provider_members := case when tg_op = 'DELETE' then old else new end;
begin
  perform realtime.send(
    jsonb_build_object('provider_id', member.provider_id), 'rights_changed', 'user:' || member.user_id, true
  );
  return null;
end;
$$;
create trigger announce_rights after insert or delete or update of role on public.provider_members
  for each row execute function private.announce_member_rights();

-- Tells the team when its business is suspended or restored, so that open screens ask anew what they may see.
create function private.announce_provider_rights()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(jsonb_build_object('provider_id', new.id), 'rights_changed', 'user:' || m.user_id, true)
  from public.provider_members m
  where m.provider_id = new.id;
  return null;
end;
$$;
create trigger announce_rights after update of status on public.providers
  for each row when ((old.status = 'suspended') <> (new.status = 'suspended'))
  execute function private.announce_provider_rights();

-- Tells the customer of a conversation that is gone, so that open screens leave it.
create function private.announce_conversation_rights()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform realtime.send(
    jsonb_build_object('conversation_id', old.id), 'rights_changed', 'user:' || old.customer_id, true
  );
  return null;
end;
$$;
create trigger announce_rights after delete on public.conversations
  for each row execute function private.announce_conversation_rights();
