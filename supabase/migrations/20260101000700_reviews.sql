-- Reviews: what customers say of providers they have been to.

create table public.reviews (
  id uuid primary key default private.new_id(),
  booking_id uuid not null unique references public.bookings (id),
  provider_id uuid not null references public.providers (id) on delete cascade,
  author_id uuid references auth.users (id) on delete set null,
  -- first name as shown, kept when the account goes
  author_name text not null constraint reviews_author_name_is_one check (private.name_ok(author_name)),
  rating int not null constraint reviews_rating_range check (rating between 1 and 5),
  body text not null default '' constraint reviews_body_length check (char_length(body) <= 2000),
  language public.language not null,
  created_at timestamptz not null default now()
);
create index reviews_provider_id on public.reviews (provider_id, created_at desc);
create index reviews_author_id on public.reviews (author_id);
alter table public.reviews enable row level security;
create trigger clean_text before insert or update of body on public.reviews
  for each row execute function private.clean_text('body');
grant select (id, provider_id, author_name, rating, body, language, created_at) on public.reviews
  to anon, authenticated;

create policy "visitors read reviews of published providers"
  on public.reviews for select to anon using (private.is_published(provider_id));
create policy "people read published reviews, members all of theirs"
  on public.reviews for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));

-- Keeps the provider's mean and count.
create function private.refresh_rating()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.providers p
  set rating = t.mean, rating_count = t.count
  from (
    select avg(r.rating)::numeric(3, 2) as mean, count(*)::int as count
    from public.reviews r
    where r.provider_id = coalesce(new.provider_id, old.provider_id)
  ) as t
  where p.id = coalesce(new.provider_id, old.provider_id);
  return null;
end;
$$;
create trigger refresh_rating after insert or update or delete on public.reviews
  for each row execute function private.refresh_rating();
