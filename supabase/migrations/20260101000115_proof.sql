-- Proof of an address. Supabase Auth lets anybody sign up with any address and keeps what they typed (password, name,
-- other ways in) until somebody opens the link in the mail, whoever that is. Here nothing that was typed before the
-- proof counts after it: who proves the address chooses the password and the profile.

-- In which transaction an account was made, and in which its address was proven: what is made and confirmed in one (by
-- the platform's staff, or by Google's or Facebook's word) is one party's; Auth writes metadata again after it has
-- confirmed.
create table private.proofs (
  user_id uuid primary key references auth.users (id) on delete cascade,
  made_in xid8 not null,
  proven_in xid8
);
alter table private.proofs enable row level security;

-- Notes with each new account in which transaction it was made: where its address is proven in the same one, nothing
-- was typed before.
create function private.note_account()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into private.proofs (user_id, made_in) values (new.id, pg_current_xact_id());
  return new;
end;
$$;

create trigger note_account after insert on auth.users
  for each row execute function private.note_account();

-- What an account knows of its owner when its address is proven: what the provider said whose word is the proof, and
-- beside that only what Auth itself notes.
create function private.proven_metadata(account uuid, address text, typed jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (
      select i.identity_data
      from auth.identities i
      where i.user_id = account
        and i.provider <> 'email'
        and lower(i.email) = lower(address)
        and i.identity_data ->> 'email_verified' = 'true'
      order by i.created_at desc
      limit 1
    ),
    '{}'
  ) || coalesce(
    (
      select jsonb_object_agg(key, value)
      from jsonb_each(typed)
      where key in ('sub', 'email', 'email_verified', 'phone_verified')
    ),
    '{}'
  );
$$;

-- Drops all that was entered into an account before its address was proven: the profile, sessions, second factors,
-- recovery codes, and ways in whose provider does not vouch for the address. Its password is dropped by the caller.
create function private.drop_unproven(account uuid, address text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from auth.sessions where user_id = account;
  delete from auth.mfa_factors where user_id = account;
  delete from private.recovery_codes where user_id = account;
  delete from auth.identities i
  where i.user_id = account
    and not coalesce(
      lower(i.email) = lower(address) and (i.provider = 'email' or i.identity_data ->> 'email_verified' = 'true'), false
    );
  update public.profiles
  set full_name = private.name_from(address), phone = null, language = default, avatar_path = null
  where id = account;
end;
$$;

-- Before an account is written: at the proof of its address, what was typed before goes, and what Auth writes back of
-- it in the same transaction too. An address that is proven stays so: Auth would take the proof away when somebody
-- unlinks the way in that had it, and the account would wait, with their password and sessions, for whoever proves the
-- next.
create function private.heed_proof()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  now_in constant xid8 := pg_current_xact_id();
begin
  if new.email_confirmed_at is null and old.email_confirmed_at is not null then
    raise exception 'The address of an account stays proven.' using errcode = 'check_violation';
  end if;
  if old.email_confirmed_at is null and new.email_confirmed_at is not null
    and not exists (select from private.proofs p where p.user_id = new.id and p.made_in = now_in)
  then
    perform private.drop_unproven(new.id, new.email);
    new.encrypted_password := null;
    insert into private.proofs (user_id, made_in, proven_in)
    values (new.id, now_in, now_in)
    on conflict (user_id) do update set proven_in = excluded.proven_in;
  end if;
  if exists (select from private.proofs p where p.user_id = new.id and p.proven_in = now_in) then
    new.raw_user_meta_data := private.proven_metadata(new.id, new.email, new.raw_user_meta_data);
  end if;
  return new;
end;
$$;

create trigger heed_proof before update on auth.users
  for each row
  when (
    old.email_confirmed_at is distinct from new.email_confirmed_at
    or old.raw_user_meta_data is distinct from new.raw_user_meta_data
  )
  execute function private.heed_proof();

-- Before a way in is added to an account whose address is proven: only one whose company vouches for that same address.
-- Auth would take any, at the word of whoever holds a session for a moment, and binds the answer to no browser: a
-- stranger who is led to agree would hand theirs to somebody else's account.
create function private.check_way_in()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (
    select
    from auth.users u
    where u.id = new.user_id and u.email_confirmed_at is not null
      and (lower(new.identity_data ->> 'email'), new.identity_data ->> 'email_verified')
        is distinct from (lower(u.email), 'true')
  ) then
    raise exception 'A way in has the address of its account.' using errcode = 'check_violation';
  end if;
  return new;
end;
$$;
create trigger check_way_in before insert on auth.identities
  for each row when (new.provider <> 'email') execute function private.check_way_in();

-- Before a way in is taken away: not the one by which the account has its address while another has a different one,
-- which Auth would make the account's, past the two mails that a change of address asks for.
create function private.keep_address()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (
    select
    from auth.users u
    join auth.identities other on other.user_id = u.id and other.id <> old.id
    where u.id = old.user_id and u.email_confirmed_at is not null
      and lower(u.email) = lower(old.email) and lower(other.email) is distinct from lower(u.email)
  ) then
    raise exception 'An account keeps the way in that has its address.' using errcode = 'check_violation';
  end if;
  return old;
end;
$$;
create trigger keep_address before delete on auth.identities
  for each row execute function private.keep_address();

create function private.lacks_password()
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select
    from auth.users u
    where u.id = (select private.me())
      and coalesce(u.encrypted_password, '') = ''
      and not exists (select from auth.identities i where i.user_id = u.id and i.provider <> 'email')
  );
$$;

-- Whether the caller, who came by a link, has neither a password yet nor another company's account to sign in with:
-- then both are asked for, password and name.
create function public.lacks_password()
returns boolean
language sql
stable
set search_path = ''
as $$
  select private.lacks_password();
$$;
grant execute on function private.lacks_password() to authenticated;
grant execute on function public.lacks_password() to authenticated;

-- An address as it is shown to whoever holds a link that was sent to it: its first letter and where it is.
create function private.masked_email(email text)
returns text
language sql
immutable
set search_path = ''
as $$
  select left(email, 1) || '…@' || split_part(email, '@', -1);
$$;

create function private.mail_link(token_hash text)
returns jsonb
language sql
security definer
set search_path = ''
as $$
  select jsonb_build_object('account', t.user_id, 'email', private.masked_email(t.relates_to))
  from auth.one_time_tokens t
  where t.token_hash = mail_link.token_hash and char_length(mail_link.token_hash) >= 56
  limit 1;
$$;

-- Whose link of a mail this is, before anything is done with it: {account, email}, the address masked; null for a link
-- that is spent or never was. Looks, and spends nothing; counted all the same, as whoever guesses would ask here.
create function public.mail_link(token_hash text)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  select private.mail_link(token_hash);
$$;
grant execute on function private.mail_link(text) to anon, authenticated;
grant execute on function public.mail_link(text) to anon, authenticated;
