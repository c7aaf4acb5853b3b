-- The people of a provider: who is in the team, inviting, changing parts, leaving, handing over.

-- A provider is never without an owner, whoever removes the last one and however; a provider that goes takes its team
-- along.
create function private.keep_an_owner()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  there boolean := private.lock_provider(old.provider_id);
begin
  -- only now: another owner may have left while this waited
  if there and not exists (
    select from public.provider_members m where m.provider_id = old.provider_id and m.role = 'owner'
  ) then
    perform private.fail(409, 'last_owner');
  end if;
  return null;
end;
$$;
create trigger keep_an_owner after delete or update of role on public.provider_members
  for each row when (old.role = 'owner') execute function private.keep_an_owner();

-- Asks someone by mail to join the team. The link's secret is one of private.bearer_secrets; it works for a week, once,
-- and for the account alone whose verified address it was sent to.
create table public.invitations (
  id uuid primary key default private.new_id(),
  provider_id uuid not null references public.providers (id) on delete cascade,
  email text not null constraint invitations_email_form check (email = private.email(email)),
  -- the account that has proved the address, where there is one when it is sent, or since: it goes with that account
  invitee_id uuid references auth.users (id) on delete cascade,
  role public.member_role not null,
  -- null after that account is gone
  invited_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz
);
-- one open invitation for an address
create unique index invitations_open on public.invitations (provider_id, email) where accepted_at is null;
create index invitations_invited_by on public.invitations (invited_by);
create index invitations_invitee_id on public.invitations (invitee_id);
alter table public.invitations enable row level security;
grant select (id, provider_id, email, role, invited_by, created_at, expires_at, accepted_at)
  on public.invitations to authenticated;
create policy "owners and managers read their invitations"
  on public.invitations for select to authenticated
  using (provider_id in (select private.managed_providers()));
create trigger audit after insert or update or delete on public.invitations
  for each row execute function private.audit(
    'id', 'personal: email', 'person: invitee_id', 'accounts: invited_by,invitee_id'
  );
create trigger forget_secret after delete on public.invitations
  for each row execute function private.forget_secret();

-- An invitation stands as long as whoever sent it could send it: one who was taken out cannot come back by it.
create function private.void_invitations()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  still text := case when tg_op = 'UPDATE' then new.role end;
begin
  delete from public.invitations i
  where i.provider_id = old.provider_id and i.invited_by = old.user_id and i.accepted_at is null
    and not coalesce(still = 'owner' or (still = 'manager' and i.role = 'staff'), false);
  return null;
end;
$$;
create trigger void_invitations after delete or update of role on public.provider_members
  for each row execute function private.void_invitations();

-- An invitation is the account's whose proved address it names.
create function private.know_invitee()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  select u.id into new.invitee_id
  from auth.users u
  where private.email(u.email) = new.email and u.email_confirmed_at is not null
  for key share;
  return new;
end;
$$;
create trigger know_invitee before insert on public.invitations
  for each row execute function private.know_invitee();

-- Who proves an address later may answer the invitations that wait for it: they are theirs from then on.
create function private.link_invitations()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- whose address it was before, it is no more
  update public.invitations i
  set invitee_id = null
  where i.invitee_id = new.id and i.email <> private.email(new.email) and i.accepted_at is null;
  update public.invitations i
  set invitee_id = new.id
  where i.email = private.email(new.email) and i.accepted_at is null and i.invitee_id is distinct from new.id;
  return null;
end;
$$;
create trigger link_invitations after insert or update of email, email_confirmed_at on auth.users
  for each row when (new.email_confirmed_at is not null) execute function private.link_invitations();

-- an invitation is a mail to anybody: nobody needs more
insert into private.rate_limits (name, max_calls, per) values ('invite_member', 20, '1 hour');

-- The caller's part in the provider. Raises not_found for a stranger, not_allowed (suspended) while the platform has
-- suspended it.
create function private.my_part(provider uuid)
returns public.member_role
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  part public.member_role := (
    select m.role from public.provider_members m where m.provider_id = provider and m.user_id = private.me()
  );
begin
  if part is null then
    perform private.fail(404, 'not_found');
  end if;
  if not private.in_good_standing(provider) then
    perform private.fail(403, 'not_allowed', 'suspended');
  end if;
  return part;
end;
$$;

-- Lets pass who may change what: an owner everybody, a manager the staff; nobody else changes the team meanwhile.
-- Raises not_found, not_allowed, step_up_required.
create function private.require_team_right(provider uuid, concerned public.member_role)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  part public.member_role;
begin
  perform private.lock_provider(provider);
  part := private.my_part(provider);
  if part = 'staff' or (part = 'manager' and concerned <> 'staff') then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.require_step_up();
end;
$$;

create function private.provider_team(provider uuid, language text)
returns table (
  user_id uuid, full_name text, email text, role public.member_role, resource_id uuid, joined_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.my_part(provider);
  return query
    select m.user_id, p.full_name, u.email::text, m.role, r.id, m.created_at
    from public.provider_members m
    join public.profiles p on p.id = m.user_id
    join auth.users u on u.id = m.user_id
    left join lateral (
      select r.id from public.resources r where r.provider_id = m.provider_id and r.user_id = m.user_id
        order by r.id limit 1
    ) as r on true
    where m.provider_id = provider
    order by
      m.role,
      case when provider_team.language = 'ar' then p.full_name end collate "ar-x-icu",
      case when provider_team.language = 'en' then p.full_name end collate "en-x-icu",
      p.full_name collate "fr-x-icu",
      m.user_id;
end;
$$;

-- The team of a provider, for its members: names, addresses, parts, and the resource that stands for them in the
-- calendar. Owners first, then managers; those of one part in the order of names in `language` (fr, ar, en). Raises
-- not_found.
create function public.provider_team(provider_id uuid, language text default 'fr')
returns table (
  user_id uuid, full_name text, email text, role public.member_role, resource_id uuid, joined_at timestamptz
)
language sql
stable
set search_path = ''
as $$
  select * from private.provider_team(provider_id, language);
$$;
grant execute on function private.provider_team(uuid, text) to authenticated;
grant execute on function public.provider_team(uuid, text) to authenticated;

-- The secret of an invitation's link, derived so that but its hash is kept.
create function private.invitation_token(invitation uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return encode(
    extensions.hmac(
      convert_to('invitation ' || invitation, 'UTF8'),
      decode((select value from private.settings where name = 'link_secret'), 'hex'), 'sha256'
    ),
    'hex'
  );
end;
$$;

-- The link opens as long as whoever sent it could: their account and the provider in good standing.
create function private.give_invitation_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.give_secret(
    'join_team', new.id, private.invitation_token(new.id), new.expires_at, new.invited_by, new.provider_id
  );
  return null;
end;
$$;
create trigger give_secret after insert or update of expires_at on public.invitations
  for each row execute function private.give_invitation_secret();

create function private.invite_member(provider uuid, address text, part public.member_role)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  wanted text := private.email(address);
  invitation uuid := private.new_id();
  mine public.language := (select p.language from public.profiles p where p.id = private.me());
begin
  if part is null or part = 'owner' then
    perform private.fail(422, 'invalid_input', 'role');
  end if;
  perform private.require_team_right(provider, part);
  if wanted is null then
    perform private.fail(422, 'invalid_input', 'email');
  end if;
  if exists (
    select
    from public.provider_members m
    join auth.users u on u.id = m.user_id
    where m.provider_id = provider and private.email(u.email) = wanted
  ) then
    perform private.fail(409, 'already_member');
  end if;
  perform private.count_call('invite_member');
  -- asked again, the old link is void
  delete from public.invitations i where i.provider_id = provider and i.email = wanted and i.accepted_at is null;
  insert into public.invitations (id, provider_id, email, role, invited_by)
  values (invitation, provider, wanted, part, private.me());
  insert into public.deliveries (channel, kind, recipient, invitation_id, sender_id, language, data, dedupe_key)
  select
    'email', 'team_invitation', wanted, invitation, private.me(), coalesce(theirs.language, mine),
    jsonb_build_object(
      'provider', p.name,
      'from', me.full_name,
      'link', private.site_link(coalesce(theirs.language, mine), '/invitations/{invitation_token}')
    ),
    'email:invitation:' || invitation
  from public.providers p
  join public.profiles me on me.id = private.me()
  left join (
    select pr.language from auth.users u join public.profiles pr on pr.id = u.id where private.email(u.email) = wanted
  ) as theirs on true
  where p.id = provider;
  return invitation;
end;
$$;

-- Invites an address into the team as manager or staff, by mail; an earlier open invitation of it is void. Owners
-- invite anybody, managers staff. Gives the invitation's id. Raises not_found, not_allowed, step_up_required,
-- invalid_input (email, role), already_member, rate_limited.
create function public.invite_member(provider_id uuid, email text, role text)
returns uuid
language sql
set search_path = ''
as $$
  select private.invite_member(provider_id, email, private.one_of(role, null::public.member_role));
$$;
grant execute on function private.invite_member(uuid, text, public.member_role) to authenticated;
grant execute on function public.invite_member(uuid, text, text) to authenticated;

create function private.revoke_invitation(invitation uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  found_one public.invitations;
begin
  select * into found_one from public.invitations i where i.id = invitation and i.accepted_at is null;
  perform private.require_team_right(found_one.provider_id, found_one.role);
  -- whoever accepts it meanwhile was quicker, and is in the team
  delete from public.invitations i where i.id = invitation and i.accepted_at is null;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
end;
$$;

-- Takes an open invitation back: its link stops working. Raises not_found, not_allowed, step_up_required.
create function public.revoke_invitation(invitation_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.revoke_invitation(invitation_id);
$$;
grant execute on function private.revoke_invitation(uuid) to authenticated;
grant execute on function public.revoke_invitation(uuid) to authenticated;

-- An invitation that still works, by its link. Raises not_found.
create function private.find_invitation(token text)
returns public.invitations
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  answer public.invitations;
begin
  select * into answer
  from public.invitations i
  where i.id = private.open_secret('join_team', token) and i.accepted_at is null;
  if answer.id is null then
    perform private.fail(404, 'not_found');
  end if;
  return answer;
end;
$$;

-- True when the caller's account has proved that address.
create function private.has_proved(address text)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from auth.users u
    where u.id = (select private.me()) and private.email(u.email) = address and u.email_confirmed_at is not null
  );
$$;

create function private.get_invitation(token text)
returns table (
  provider_id uuid, provider_name text, provider_name_ar text, role public.member_role, mine boolean,
  email text, invited_by text,
  expires_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select
      i.provider_id, p.name, p.name_ar, i.role, m.mine,
      case when m.mine then i.email else private.masked_email(i.email) end,
      case when m.mine then who.full_name end, i.expires_at
    from private.find_invitation(token) as i
    cross join lateral private.has_proved(i.email) as m (mine)
    join public.providers p on p.id = i.provider_id
    left join public.profiles who on who.id = i.invited_by;
end;
$$;

-- What an invitation's link stands for, for whoever holds it. A link may be passed on: whose address it was sent to,
-- and who sent it, is told whole to the account alone that has proved the address (mine); others learn the address
-- masked. Raises not_found for one that is unknown, used, taken back, past its week, or sent by an account or for a
-- provider that is suspended now; rate_limited. A list of one, as jsonb for the refusals: see private.refused.
create function public.get_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('invitation_secret');
  begin
    return (select jsonb_agg(to_jsonb(i)) from private.get_invitation(token) as i);
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.get_invitation(text) to anon, authenticated;
grant execute on function public.get_invitation(text) to anon, authenticated;

create function private.accept_invitation(token text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  invitation public.invitations := private.find_invitation(token);
begin
  perform private.lock_provider(invitation.provider_id);
  if not private.has_proved(invitation.email) then
    perform private.fail(403, 'not_allowed', 'email');
  end if;
  update public.invitations i set accepted_at = now() where i.id = invitation.id and i.accepted_at is null;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  insert into public.provider_members (provider_id, user_id, role)
  values (invitation.provider_id, private.me(), invitation.role)
  on conflict do nothing;
  return invitation.provider_id;
end;
$$;

-- Joins the team, as the account whose verified address was invited; gives the provider's id. Raises not_found,
-- not_allowed (email) for another account, rate_limited. jsonb for the refusals, see private.refused: the id is the
-- same on the wire.
create function public.accept_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  message text;
  details text;
  hint text;
begin
  perform private.count_call('invitation_secret');
  begin
    return to_jsonb(private.accept_invitation(token));
  exception
    when others then
      get stacked diagnostics message = message_text, details = pg_exception_detail, hint = pg_exception_hint;
      return private.refused(sqlstate, message, details, hint);
  end;
end;
$$;
grant execute on function private.accept_invitation(text) to authenticated;
grant execute on function public.accept_invitation(text) to authenticated;

create function private.set_member_role(provider uuid, member uuid, part public.member_role)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if part is null then
    perform private.fail(422, 'invalid_input', 'role');
  end if;
  perform private.require_team_right(provider, 'owner');
  update public.provider_members m set role = part where m.provider_id = provider and m.user_id = member;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
end;
$$;

-- Gives a member another part, as an owner. Raises not_found, not_allowed, step_up_required, invalid_input (role),
-- last_owner.
create function public.set_member_role(provider_id uuid, user_id uuid, role text)
returns void
language sql
set search_path = ''
as $$
  select private.set_member_role(provider_id, user_id, private.one_of(role, null::public.member_role));
$$;
grant execute on function private.set_member_role(uuid, uuid, public.member_role) to authenticated;
grant execute on function public.set_member_role(uuid, uuid, text) to authenticated;

create function private.remove_member(provider uuid, member uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  theirs public.member_role;
begin
  perform private.lock_provider(provider);
  theirs := (select m.role from public.provider_members m where m.provider_id = provider and m.user_id = member);
  if member = private.me() then
    -- not private.my_part: a provider that is suspended can be left
    if theirs = 'owner' then
      perform private.require_step_up();
    end if;
  else
    perform private.require_team_right(provider, coalesce(theirs, 'staff'));
  end if;
  delete from public.provider_members m where m.provider_id = provider and m.user_id = member;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  -- their work in the calendar stays, but opens nothing any more; locked as those who book do it
  perform from public.resources r where r.provider_id = provider and r.user_id = member order by r.id for no key update;
  update public.resources r set user_id = null where r.provider_id = provider and r.user_id = member;
end;
$$;

-- Takes a member out of the team, at once: an owner anybody, a manager staff. Raises not_found, not_allowed,
-- step_up_required, last_owner.
create function public.remove_member(provider_id uuid, user_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.remove_member(provider_id, user_id);
$$;

-- Leaves a team; an owner proves first that it is them. Raises not_found, step_up_required, last_owner.
create function public.leave_provider(provider_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.remove_member(provider_id, private.me());
$$;
grant execute on function private.remove_member(uuid, uuid) to authenticated;
grant execute on function public.remove_member(uuid, uuid) to authenticated;
grant execute on function public.leave_provider(uuid) to authenticated;

create function private.transfer_ownership(provider uuid, heir uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.require_team_right(provider, 'owner');
  if heir = private.me() then
    perform private.fail(422, 'invalid_input', 'user_id');
  end if;
  update public.provider_members m set role = 'owner' where m.provider_id = provider and m.user_id = heir;
  if not found then
    perform private.fail(404, 'not_found');
  end if;
  update public.provider_members m set role = 'manager' where m.provider_id = provider and m.user_id = private.me();
  perform private.tell(
    heir, 'ownership_received',
    (select jsonb_build_object('provider', p.name, 'provider_id', p.id) from public.providers p where p.id = provider),
    '/dashboard/team'
  );
end;
$$;

-- Hands the provider over to another member, in one step; the caller stays as manager. Raises not_found, not_allowed,
-- step_up_required, invalid_input (user_id).
create function public.transfer_ownership(provider_id uuid, user_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.transfer_ownership(provider_id, user_id);
$$;
grant execute on function private.transfer_ownership(uuid, uuid) to authenticated;
grant execute on function public.transfer_ownership(uuid, uuid) to authenticated;

create function private.assign_resource(resource uuid, member uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  provider uuid := (select r.provider_id from public.resources r where r.id = resource and r.kind = 'staff');
begin
  perform private.lock_provider(provider);
  if private.my_part(provider) = 'staff' then
    perform private.fail(403, 'not_allowed');
  end if;
  if member is not null and (
    private.keep_account(member) is null
    or not exists (select from public.provider_members m where m.provider_id = provider and m.user_id = member)
  ) then
    perform private.fail(422, 'invalid_input', 'user_id');
  end if;
  -- in the order in which those who book lock them
  perform from public.resources r
  where r.provider_id = provider and (r.user_id = member or r.id = resource)
  order by r.id
  for no key update;
  update public.resources r set user_id = null where r.provider_id = provider and r.user_id = member;
  update public.resources r set user_id = member where r.id = resource;
end;
$$;

-- Says which member a resource of kind staff stands for (null: nobody), so that their calendar feed shows its bookings.
-- Raises not_found, not_allowed, invalid_input (user_id).
create function public.assign_resource(resource_id uuid, user_id uuid)
returns void
language sql
set search_path = ''
as $$
  select private.assign_resource(resource_id, user_id);
$$;
grant execute on function private.assign_resource(uuid, uuid) to authenticated;
grant execute on function public.assign_resource(uuid, uuid) to authenticated;
