-- Bearer secrets: what opens something for whoever has it, with no other proof of who they are.

-- What is kept of a secret in place of it: its SHA-256.
create function private.token_hash(token text)
returns bytea
language plpgsql
immutable
set search_path = ''
as $$
begin
  return sha256(convert_to(token, 'UTF8'));
end;
$$;

-- One row for each secret that is out, of which but the hash is kept. What it opens is a row of the purpose's table; in
-- whose power it does so are the account and the provider, where there are such: they are asked at each use how they
-- stand.
create table private.bearer_secrets (
  hash bytea primary key,
  purpose private.link_purpose not null,
  subject_id uuid not null,
  account_id uuid references auth.users (id) on delete cascade,
  provider_id uuid references public.providers (id) on delete cascade,
  -- null: until it is taken back
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  constraint bearer_secrets_one_each unique (subject_id, purpose)
);
create index bearer_secrets_account_id on private.bearer_secrets (account_id);
create index bearer_secrets_provider_id on private.bearer_secrets (provider_id);
alter table private.bearer_secrets enable row level security;

-- Gives out a secret in place of the one that its subject had for the purpose. `account` and `provider`: in whose power
-- it opens; null where it is its holder's own.
create function private.give_secret(
  purpose private.link_purpose, subject uuid, token text, expires timestamptz, account uuid default null,
  provider uuid default null
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into private.bearer_secrets as s (hash, purpose, subject_id, account_id, provider_id, expires_at)
  values (private.token_hash(token), give_secret.purpose, subject, account, provider, expires)
  on conflict on constraint bearer_secrets_one_each do update
  set
    hash = excluded.hash, account_id = excluded.account_id, provider_id = excluded.provider_id,
    expires_at = excluded.expires_at;
end;
$$;

-- What a secret opens now, by id; null for one that is unknown, of another purpose, past its time, or in the power of
-- an account or a provider that is suspended.
create function private.open_secret(wanted private.link_purpose, token text)
returns uuid
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return (
    select s.subject_id
    from private.bearer_secrets s
    where s.hash = private.token_hash(token) and s.purpose = wanted
      and (s.expires_at is null or s.expires_at > now())
      and (s.account_id is null or private.account_in_good_standing(s.account_id))
      and (s.provider_id is null or private.in_good_standing(s.provider_id))
  );
end;
$$;

-- Takes all secrets of a row along that goes. For triggers of the tables that secrets open.
create function private.forget_secret()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from private.bearer_secrets s where s.subject_id = old.id;
  return null;
end;
$$;
