-- Tables that can be joined, and rooms with numbered seats.

-- Two tables that stand side by side: parties too large for one may be given a connected group of them.
create table public.table_neighbours (
  provider_id uuid not null references public.providers (id) on delete cascade,
  resource_id uuid not null references public.resources (id) on delete cascade,
  neighbour_id uuid not null references public.resources (id) on delete cascade,
  primary key (resource_id, neighbour_id),
  -- one row says it for both
  constraint table_neighbours_in_order check (resource_id < neighbour_id)
);
create index table_neighbours_provider_id on public.table_neighbours (provider_id);
create index table_neighbours_neighbour_id on public.table_neighbours (neighbour_id);
alter table public.table_neighbours enable row level security;
grant select, delete on public.table_neighbours to authenticated;
grant insert (provider_id, resource_id, neighbour_id) on public.table_neighbours to authenticated;

-- The seats of a room. A room without any sells places by count.
create table public.seats (
  provider_id uuid not null references public.providers (id) on delete cascade,
  resource_id uuid not null references public.resources (id) on delete cascade,
  -- what is printed on it, such as C7
  label text not null constraint seats_label_length check (char_length(label) between 1 and 12)
    constraint seats_label_is_a_name check (private.name_ok(label)),
  category text not null default 'standard' constraint seats_category_form check (category ~ '^[a-z][a-z0-9_]{0,30}$'),
  -- where it is on the map: rows from the stage on, numbers in reading order
  row_number int not null constraint seats_row_range check (row_number between 1 and 200),
  column_number int not null constraint seats_column_range check (column_number between 1 and 200),
  wheelchair boolean not null default false,
  primary key (resource_id, label),
  unique (resource_id, row_number, column_number)
);
create index seats_provider_id on public.seats (provider_id);
alter table public.seats enable row level security;
grant select on public.seats to anon, authenticated;
-- not its room or its label, which are on tickets: another one is another seat
grant insert, delete, update (category, row_number, column_number, wheelchair) on public.seats to authenticated;

-- What a seat of a category costs in a service; others cost the service's own price.
create table public.seat_prices (
  provider_id uuid not null references public.providers (id) on delete cascade,
  service_id uuid not null references public.services (id) on delete cascade,
  category text not null constraint seat_prices_category_form check (category ~ '^[a-z][a-z0-9_]{0,30}$'),
  price_minor bigint not null constraint seat_prices_price_range check (price_minor between 0 and 100000000),
  primary key (service_id, category)
);
create index seat_prices_provider_id on public.seat_prices (provider_id);
alter table public.seat_prices enable row level security;
grant select on public.seat_prices to anon, authenticated;
grant insert, update, delete on public.seat_prices to authenticated;

-- Guards: rows of one provider may not point at those of another.
create function private.check_neighbours()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if (
    select count(*) from public.resources r
    where r.id in (new.resource_id, new.neighbour_id) and r.provider_id = new.provider_id and r.kind = 'table'
  ) <> 2 then
    perform private.fail(422, 'invalid_input', 'neighbour_id');
  end if;
  return new;
end;
$$;
create trigger check_neighbours before insert or update on public.table_neighbours
  for each row execute function private.check_neighbours();
create trigger check_same_provider before insert or update on public.seats
  for each row execute function private.check_same_provider();

-- Refuses rows of one provider that name another's service: invalid_input (service_id).
create function private.check_service_provider()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.provider_id is distinct from (select provider_id from public.services where id = new.service_id) then
    perform private.fail(422, 'invalid_input', 'service_id');
  end if;
  return new;
end;
$$;
create trigger check_service_provider before insert or update on public.seat_prices
  for each row execute function private.check_service_provider();

-- What a service begins at is what its cheapest seat costs.
create function private.refresh_search_of_seat_price()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform private.refresh_search(coalesce(new.provider_id, old.provider_id));
  return null;
end;
$$;
create trigger refresh_search after insert or update or delete on public.seat_prices
  for each row execute function private.refresh_search_of_seat_price();

create policy "members read which tables stand side by side"
  on public.table_neighbours for select to authenticated using (provider_id in (select private.my_providers()));
create policy "owners and managers join tables"
  on public.table_neighbours for insert to authenticated
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers part tables"
  on public.table_neighbours for delete to authenticated using (provider_id in (select private.managed_providers()));

create policy "visitors read seats of published providers"
  on public.seats for select to anon using (private.is_published(provider_id));
create policy "people read published seats, members all of theirs"
  on public.seats for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));
create policy "owners and managers add seats"
  on public.seats for insert to authenticated with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change seats"
  on public.seats for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers remove seats"
  on public.seats for delete to authenticated using (provider_id in (select private.managed_providers()));

create policy "visitors read prices of published providers"
  on public.seat_prices for select to anon using (private.is_published(provider_id));
create policy "people read published prices, members all of theirs"
  on public.seat_prices for select to authenticated
  using (private.is_published(provider_id) or provider_id in (select private.my_providers()));
create policy "owners and managers add prices"
  on public.seat_prices for insert to authenticated with check (provider_id in (select private.managed_providers()));
create policy "owners and managers change prices"
  on public.seat_prices for update to authenticated
  using (provider_id in (select private.managed_providers()))
  with check (provider_id in (select private.managed_providers()));
create policy "owners and managers remove prices"
  on public.seat_prices for delete to authenticated using (provider_id in (select private.managed_providers()));
