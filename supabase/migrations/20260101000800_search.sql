-- Search: one function, whose order a reader can follow.

-- The words of a search, folded, at most eight: in Arabic without the article, and where there are longer ones without
-- those of one or two letters (de, à, في), which say nothing.
create function private.search_words(q text)
returns text[]
language sql
immutable
set search_path = ''
as $$
  with typed as (
    select w.word, w.place
    from regexp_split_to_table(
      private.fold(regexp_replace(q, '(^|\s)([وبفك]?ال|لل)(?=[\u0621-\u0652]{3})', '\1', 'g')), '\s+'
    ) with ordinality as w (word, place)
    where w.word <> ''
  )
  select array(
    select t.word
    from typed t
    where char_length(t.word) > 2 or not exists (select from typed l where char_length(l.word) > 2)
    order by t.place
    limit 8
  );
$$;

-- What makes a provider worth showing before another of equal fit, from 0 to 0.4: a rating counts more the more people
-- gave one, and verification counts a little.
create function private.quality(rating numeric, rating_count int, verified boolean)
returns float8
language plpgsql
immutable
set search_path = ''
as $$
begin
  return 0.3 * coalesce(rating, 3) / 5 * rating_count / (rating_count + 5.0) + case when verified then 0.1 else 0 end;
end;
$$;

create function private.search_providers(
  q text, category_slug text, city text, lat float8, lng float8, radius_km float8, free_on date, min_rating numeric,
  max_price_minor bigint, verified_only bool, sort text, after text, page_size int
)
returns table (
  id uuid, slug text, name text, name_ar text, category text, city_slug text, district text, latitude float8,
  longitude float8, verified boolean, rating numeric, rating_count int, price_from_minor bigint, currency text,
  photo_path text, distance_km float8, next_free_at timestamptz, next_free_local timestamp, next_free_known boolean,
  total bigint, cursor text
)
language plpgsql
stable
security definer
set search_path = ''
-- a word with one or two wrong letters still scores above this
set pg_trgm.word_similarity_threshold = 0.5
-- what is not asked for drops out of the plan, so that the indexes of what is asked for are used
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  words text[] := private.search_words(coalesce(q, ''));
  -- every word as it is written; only where no provider has them all, words that are spelt about so
  patterns text[] := array(
    select '%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%' from unnest(words) as w
  );
  -- the longest word finds the fewest: it goes through the index, the others are looked at there
  longest text := (select w from unnest(words) as w order by char_length(w) desc limit 1);
  longest_pattern text := (select w from unnest(patterns) as w order by char_length(w) desc limit 1);
  longest_skeletons text[] := private.skeletons(longest);
  as_written boolean := words = '{}' or exists (
    select from public.providers p
    where p.status = 'published' and p.search_text like longest_pattern and p.search_text like all (patterns)
  );
  after_place float8 := split_part(after, '_', 1)::float8;
  after_id uuid := split_part(after, '_', 2)::uuid;
  -- degrees that hold the circle, at least a metre of it; a degree of latitude is 111.2 km
  tall float8 := greatest(radius_km, 0.001) / 111.2;
  wide float8 := least(180, greatest(radius_km, 0.001) / (111.2 * greatest(cosd(lat), 0.01)));
  shown int := 0;
  -- How much work (private.day_weight) each business may be, six days of a salon with twenty services and ten people,
  -- or two where one day is asked for; and all that are looked at for a page, half a second or so.
  budget_of_one bigint := case when free_on is null then 60000 else 20000 end;
  budget bigint := 300000;
  r record;
  day date;
  free record;
begin
  for r in
    with matching as (
      select
        p.*,
        -- great-circle distance on a sphere of 6,371 km
        case when lat is not null and lng is not null then
          12742 * asin(least(1, sqrt(
            sind((p.latitude - lat) / 2) ^ 2
            + cosd(lat) * cosd(p.latitude) * sind((p.longitude - lng) / 2) ^ 2
          )))
        end as km
      from public.providers p
      where p.status = 'published'
        and (
          words = '{}'
          or (as_written and p.search_text like longest_pattern and p.search_text like all (patterns))
          or (
            not as_written
            and (longest operator(extensions.<%) p.search_text or p.search_skeletons && longest_skeletons)
            and not exists (
              select from unnest(words) as w
              where not (p.search_text like '%' || w || '%') and not (w operator(extensions.<%) p.search_text)
                and not (p.search_skeletons && private.skeletons(w))
            )
          )
        )
        and (
          search_providers.category_slug is null
          or p.category_id = (select c.id from public.categories c where c.slug = search_providers.category_slug)
        )
        and (search_providers.city is null or p.city_slug = search_providers.city)
        and (
          radius_km is null or lat is null or lng is null
          or (p.latitude between lat - tall and lat + tall and p.longitude between lng - wide and lng + wide)
        )
        and (min_rating is null or p.rating >= min_rating)
        and (max_price_minor is null or p.price_from_minor <= max_price_minor)
        and (not coalesce(verified_only, false) or p.verified_at is not null)
        -- a cheap no for providers that never work on such a day; the exact answer comes below
        and (
          free_on is null
          or exists (
            select from public.opening_hours h
            where h.provider_id = p.id and h.weekday in (extract(isodow from free_on), extract(isodow from free_on - 1))
          )
          or exists (select from public.special_days d where d.provider_id = p.id and d.day in (free_on, free_on - 1))
          or exists (select from public.sessions t where t.provider_id = p.id and t.active)
        )
    ),
    ordered as (
      select
        m.id, m.slug, m.name, m.name_ar, m.category_id, m.city_slug, m.district, m.latitude, m.longitude, m.verified_at,
        m.rating, m.rating_count, m.price_from_minor, m.currency, m.km, m.time_zone,
        count(*) over () as matches,
        -- smaller comes first; relevance: likeness of the words, then whether they are its name, then quality
        case coalesce(sort, 'relevance')
          when 'distance' then coalesce(m.km, 0)
          when 'price' then coalesce(m.price_from_minor, 9e15)
          when 'rating' then -coalesce(m.rating, 0)
          else -(
            case
              -- who types a name wants that business before all of its street: the search text begins with the name
              when left(m.search_text, char_length(concat_ws(' ', m.name, m.name_ar))) like all (patterns)
                and words <> '{}' then 1.5
              when as_written then 1
              else (
                select avg(greatest(
                  extensions.word_similarity(w, m.search_text),
                  case when m.search_skeletons && private.skeletons(w) then 0.8 end
                ))
                from unnest(words) as w
              )
            end
            + private.quality(m.rating, m.rating_count, m.verified_at is not null)
          )
        end::float8 as place
      from matching m
      where radius_km is null or m.km is null or m.km <= radius_km
    )
    select o.*
    from ordered o
    where after is null or (o.place, o.id) > (after_place, after_id)
    order by o.place, o.id
    limit case when free_on is null then page_size end
  loop
    day := coalesce(free_on, private.to_local(now(), r.time_zone)::date);
    select f.starts_at, f.local_starts_at, f.known, f.spent into free
    from private.first_free(r.id, day, coalesce(free_on, day + 7), least(budget, budget_of_one)) f;
    budget := budget - free.spent;
    -- of whom nothing is known it may be true
    continue when free_on is not null and free.known and free.starts_at is null;
    return query
      select
        r.id, r.slug, r.name, r.name_ar, c.slug, r.city_slug, r.district, r.latitude, r.longitude,
        r.verified_at is not null, r.rating, r.rating_count, r.price_from_minor, r.currency,
        (select ph.path from public.photos ph where ph.provider_id = r.id order by ph.position limit 1),
        r.km,
        free.starts_at,
        free.local_starts_at,
        free.known,
        -- who is free is found out in order, as far as the page goes: nobody has counted the others
        case when free_on is null then r.matches end,
        r.place || '_' || r.id
      from public.categories c
      where c.id = r.category_id;
    shown := shown + 1;
    exit when shown = page_size;
  end loop;
end;
$$;

-- Published providers that match. q: words in French, Arabic or English, spelt about right. city: its slug.
-- sort: relevance (default), distance, price, rating. after: the cursor of the last row of the page before.
-- page_size: 1 to 50, 20 by default. total is the number of matches on all pages, null with free_on; distance_km is
-- null without lat and lng; next_free_at is null when nothing is free in the next week (or on free_on), next_free_local
-- the same on the provider's clocks. Where finding out would be too much work, for a business or for the page, both are
-- null and next_free_known is false, with free_on too: it may be free that day. Words that no provider has as they are
-- written are taken for misspelt.
-- Raises invalid_input.
create function public.search_providers(
  q text default null, category_slug text default null, city text default null, lat float8 default null,
  lng float8 default null, radius_km float8 default null, free_on date default null, min_rating numeric default null,
  max_price_minor bigint default null, verified_only bool default false, sort text default 'relevance',
  after text default null, page_size int default 20
)
returns table (
  id uuid, slug text, name text, name_ar text, category text, city_slug text, district text, latitude float8,
  longitude float8, verified boolean, rating numeric, rating_count int, price_from_minor bigint, currency text,
  photo_path text, distance_km float8, next_free_at timestamptz, next_free_local timestamp, next_free_known boolean,
  total bigint, cursor text
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
  if after !~ '^-?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,2})?_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    perform private.fail(422, 'invalid_input', 'after');
  end if;
  if lat not between -90 and 90 or lng not between -180 and 180 then
    perform private.fail(422, 'invalid_input', 'lat');
  end if;
  if radius_km not between 0 and 20040 then
    perform private.fail(422, 'invalid_input', 'radius_km');
  end if;
  if free_on is not null and not private.in_calendar(free_on) then
    perform private.fail(422, 'invalid_input', 'free_on');
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
