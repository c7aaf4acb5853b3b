-- Files: the buckets, who reads and deletes what is in them, and the one way in. Only the server puts files there: the
-- function `upload`, after looking at their bytes, under a name of its own. No policy lets anybody else add, change,
-- move or copy one.

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values
  ('photos', 'photos', true, 5242880, array['image/webp']),
  ('documents', 'documents', false, 10485760, array['application/pdf', 'image/webp']),
  ('avatars', 'avatars', true, 1048576, array['image/webp']);

-- An evening of papers and pictures for a whole business; who tries more is trying something else.
insert into private.rate_limits (name, max_calls, per) values ('upload', 60, '1 hour');

-- Whose folder a file lies in: of `<uuid>/<uuid>.<extension>`, and of a photo's `<uuid>/<uuid>/<width>.webp`, the first
-- id. Null for every other name, so that nothing with dots, empty parts, backslashes or escapes is anybody's.
create function private.folder_of(name text)
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case
    when name ~ (
      '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
      || '(\.[a-z0-9]{2,5}|/[0-9]{2,4}\.webp)$'
    ) then left(name, 36)::uuid
  end;
end;
$$;
grant execute on function private.folder_of(text) to authenticated;

create policy "owners and managers see their photos' files"
  on storage.objects for select to authenticated
  using (bucket_id = 'photos' and private.folder_of(name) in (select private.managed_providers()));
create policy "owners and managers delete photos"
  on storage.objects for delete to authenticated
  using (bucket_id = 'photos' and private.folder_of(name) in (select private.managed_providers()));

-- Whether Storage is asked for a file itself, for what there is, or to take one away. Not for an address that would
-- open it to whoever has it, for as long as its maker wished, without asking anybody again. (Storage names its
-- operations with or without its own name before them.)
create function private.reads_at_once()
returns boolean
language sql
stable
set search_path = ''
as $$
  select regexp_replace(coalesce(storage.operation(), ''), '^storage\.', '') in (
    'object.get_authenticated', 'object.info_authenticated', 'object.list', 'object.delete', 'object.delete_many'
  );
$$;
grant execute on function private.reads_at_once() to authenticated;

create policy "managers, and staff who opened them, read documents' files"
  on storage.objects for select to authenticated
  using (
    bucket_id = 'documents'
    and (select private.reads_at_once())
    and (
      private.folder_of(name) in (select private.managed_providers())
      or private.has_opened(name)
    )
  );
create policy "owners and managers delete documents"
  on storage.objects for delete to authenticated
  using (bucket_id = 'documents' and private.folder_of(name) in (select private.managed_providers()));

create policy "people see their avatars' files"
  on storage.objects for select to authenticated
  using (bucket_id = 'avatars' and private.folder_of(name) = (select private.me()));
create policy "people delete their avatar"
  on storage.objects for delete to authenticated
  using (bucket_id = 'avatars' and private.folder_of(name) = (select private.me()));

-- Raises invalid_input, with the field's name, unless the path is that of a file which lies in the folder of `owner`.
create function private.require_file(bucket text, owner uuid, path text, field text)
returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if private.folder_of(path) is distinct from owner
    or not exists (select from storage.objects o where o.bucket_id = bucket and o.name = path)
  then
    perform private.fail(422, 'invalid_input', field);
  end if;
end;
$$;

-- Every path that is written down is that of a file, and of the row's own folder. A photo is there in all its widths.
create function private.check_document_file()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.require_file('documents', new.provider_id, new.path, 'path');
  return new;
end;
$$;
create trigger check_file before insert or update of provider_id, path on public.provider_documents
  for each row execute function private.check_document_file();

-- A photo is a row whose files are there in all three widths. Raises invalid_input (path).
create function private.check_photo_files()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.require_file('photos', new.provider_id, new.path || '/' || width || '.webp', 'path')
  from unnest(array[480, 960, 1440]) as width;
  return new;
end;
$$;
create trigger check_files before insert or update of provider_id, path on public.photos
  for each row execute function private.check_photo_files();

-- A profile's picture is a file that its account uploaded. Raises invalid_input (avatar_path).
create function private.check_avatar_file()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.require_file('avatars', new.id, new.avatar_path, 'avatar_path');
  return new;
end;
$$;
create trigger check_file before insert or update of avatar_path on public.profiles
  for each row when (new.avatar_path is not null) execute function private.check_avatar_file();

create function private.begin_upload(purpose text, provider uuid)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  folder uuid := case purpose when 'avatar' then private.me() else provider end;
  bucket text := case purpose when 'avatar' then 'avatars' when 'document' then 'documents' end;
begin
  if private.me() is null then
    perform private.fail(403, 'not_allowed');
  end if;
  perform private.count_call('upload');
  if bucket is null then
    perform private.fail(422, 'invalid_input', 'purpose');
  end if;
  if purpose = 'document' and (
    private.my_part(provider) = 'staff'
      or not exists (select from private.managed_providers() as id where id = provider)
  ) then
    perform private.fail(403, 'not_allowed');
  end if;
  return jsonb_build_object('bucket', bucket, 'name', folder || '/' || gen_random_uuid());
end;
$$;

-- Where the caller may put a file, asked by the function `upload` before it takes one. purpose: avatar (the caller's
-- own), document (of a provider that the caller manages). Gives {bucket, name}; the name has no extension yet. Raises
-- not_allowed, not_found, invalid_input (purpose), rate_limited.
create function public.begin_upload(purpose text, provider_id uuid default null)
returns jsonb
language sql
set search_path = ''
as $$
  select private.begin_upload(purpose, provider_id);
$$;
grant execute on function private.begin_upload(text, uuid) to authenticated;
grant execute on function public.begin_upload(text, uuid) to authenticated;
