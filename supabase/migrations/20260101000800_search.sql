-- Search: one function, whose order a reader can follow.

create function private.search_providers(
  q text, category_slug text, city text, lat float8, lng float8, radius_km float8, free_on date, min_rating numeric,
  max_price_minor bigint, verified_only bool, sort text, after text, page_size int
)
returns table (
  id uuid, slug text, name text, name_ar text, category text, city_slug text, district text, latitude float8,
  longitude float8, verified boolean, rating numeric, rating_count int, price_from_minor bigint, currency text,
  photo_path text, distance_km float8, next_free_at timestamptz, next_free_local timestamp, total bigint, cursor text
)
language plpgsql
stable
security definer
set search_path = ''
-- a word with one or two wrong letters still scores above this
set pg_trgm.word_similarity_threshold = 0.5
as $$
#variable_conflict use_column
begin
  return query
    with words as (
      select w as word
      from regexp_split_to_table(private.fold(coalesce(q, '')), '\s+') as w
      where w <> ''
    ),
    -- every word of the query is in the text, spelt about right, and the filters hold
    found as (
      select
        p.*,
        c.slug as in_category,
        -- great-circle distance on a sphere of 6,371 km
        case when lat is not null and lng is not null then
          12742 * asin(least(1, sqrt(
            sind((p.latitude - lat) / 2) ^ 2
            + cosd(lat) * cosd(p.latitude) * sind((p.longitude - lng) / 2) ^ 2
          )))
        end as km,
        coalesce((select avg(extensions.word_similarity(w.word, p.search_text)) from words w), 0) as likeness
      from public.providers p
      join public.categories c on c.id = p.category_id
      where p.status = 'published'
        and (search_providers.category_slug is null or c.slug = search_providers.category_slug)
        and (search_providers.city is null or p.city_slug = search_providers.city)
        and (min_rating is null or p.rating >= min_rating)
        and (max_price_minor is null or p.price_from_minor <= max_price_minor)
        and (not coalesce(verified_only, false) or p.verified_at is not null)
        and not exists (
          select
          from words w
          where not (p.search_text like '%' || w.word || '%')
            and not (w.word operator(extensions.<%) p.search_text)
        )
        and (
          free_on is null
          or exists (select from private.first_free(p.id, free_on, free_on))
        )
    ),
    ordered as (
      select
        f.*,
        count(*) over () as matches,
        -- smaller comes first; relevance: likeness of the words, then quality (rating of many counts more), then trust
        case coalesce(sort, 'relevance')
          when 'distance' then coalesce(f.km, 0)
          when 'price' then coalesce(f.price_from_minor, 9e15)
          when 'rating' then -coalesce(f.rating, 0)
          else -(
            f.likeness
            + 0.3 * coalesce(f.rating, 3) / 5 * f.rating_count / (f.rating_count + 5.0)
            + case when f.verified_at is not null then 0.1 else 0 end
          )
        end::float8 as place
      from found f
      where radius_km is null or f.km is null or f.km <= radius_km
    ),
    page as (
      select o.*
      from ordered o
      where after is null
        or (o.place, o.id) > (split_part(after, '_', 1)::float8, split_part(after, '_', 2)::uuid)
      order by o.place, o.id
      limit page_size
    )
    select
      o.id, o.slug, o.name, o.name_ar, o.in_category, o.city_slug, o.district, o.latitude, o.longitude,
      o.verified_at is not null, o.rating, o.rating_count, o.price_from_minor, o.currency,
      (select ph.path from public.photos ph where ph.provider_id = o.id order by ph.position limit 1),
      o.km,
      next.starts_at,
      next.local_starts_at,
      o.matches,
      o.place || '_' || o.id
    from page o
    left join lateral private.first_free(o.id, coalesce(free_on, current_date), coalesce(free_on, current_date + 7)) next
      on true
    order by o.place, o.id;
end;
$$;

-- Published providers that match. q: words in French, Arabic or English, spelt about right. city: its slug.
-- sort: relevance (default), distance, price, rating. after: the cursor of the last row of the page before.
-- page_size: 1 to 50, 20 by default. total is the number of matches on all pages; distance_km is null without lat
-- and lng; next_free_at is null when nothing is free in the next week (or on free_on),
-- next_free_local the same on the provider's clocks. Raises invalid_input.
create function public.search_providers(
  q text default null, category_slug text default null, city text default null, lat float8 default null,
  lng float8 default null, radius_km float8 default null, free_on date default null, min_rating numeric default null,
  max_price_minor bigint default null, verified_only bool default false, sort text default 'relevance',
  after text default null, page_size int default 20
)
returns table (
  id uuid, slug text, name text, name_ar text, category text, city_slug text, district text, latitude float8,
  longitude float8, verified boolean, rating numeric, rating_count int, price_from_minor bigint, currency text,
  photo_path text, distance_km float8, next_free_at timestamptz, next_free_local timestamp, total bigint, cursor text
)
language plpgsql
stable
set search_path = ''
as $$
begin
  if char_length(q) > 200 then
    perform private.fail(422, 'invalid_input', 'q');
  end if;
  if coalesce(sort, 'relevance') not in ('relevance', 'distance', 'price', 'rating') then
    perform private.fail(422, 'invalid_input', 'sort');
  end if;
  if coalesce(page_size, 20) not between 1 and 50 then
    perform private.fail(422, 'invalid_input', 'page_size');
  end if;
  if after is not null and after !~ '^-?[0-9.e+-]+_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    perform private.fail(422, 'invalid_input', 'after');
  end if;
  if lat not between -90 and 90 or lng not between -180 and 180 then
    perform private.fail(422, 'invalid_input', 'lat');
  end if;
  return query
    select *
    from private.search_providers(
      q, category_slug, city, lat, lng, radius_km, free_on, min_rating, max_price_minor, verified_only, sort, after,
      coalesce(page_size, 20)
    );
end;
$$;
grant execute on function private.search_providers(
  text, text, text, float8, float8, float8, date, numeric, bigint, bool, text, text, int
) to anon, authenticated;
grant execute on function public.search_providers(
  text, text, text, float8, float8, float8, date, numeric, bigint, bool, text, text, int
) to anon, authenticated;
