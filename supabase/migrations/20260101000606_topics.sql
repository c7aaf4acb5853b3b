-- Topics: who may listen to which channel, and speak there.

-- Who may listen to a topic. The topics are those of the architecture: user, conversation, provider, service.
create function private.may_listen(topic text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  kind text := split_part(topic, ':', 1);
  id uuid;
begin
  begin
    id := split_part(topic, ':', 2)::uuid;
  exception
    when invalid_text_representation then
      return false;
  end;
  return case kind
    when 'service' then true
    when 'user' then id = (select private.me())
    when 'provider' then private.is_member(id)
    when 'conversation' then private.conversation_side(id) is not null
    else false
  end;
end;
$$;
grant execute on function private.may_listen(text) to anon, authenticated;

create policy "visitors listen to services"
  on realtime.messages for select to anon
  using (extension = 'broadcast' and (select realtime.topic()) like 'service:%' and (select private.may_listen(realtime.topic())));
create policy "people listen to their own topics"
  on realtime.messages for select to authenticated
  using (extension in ('broadcast', 'presence') and (select private.may_listen(realtime.topic())));
create policy "both sides type and show presence in their conversation"
  on realtime.messages for insert to authenticated
  with check (
    extension in ('broadcast', 'presence')
    and (select realtime.topic()) like 'conversation:%'
    and (select private.may_listen(realtime.topic()))
  );
