import type { Sql } from 'postgres';

/**
 * Fills a database with providers for benchmarks, each with two services, two members of staff and a week of hours, in
 * trades and cities of the seed. `sql` must be the server's superuser: triggers are off, or it would take an hour.
 */
export async function fillProviders(sql: Sql, from: number, to: number): Promise<void> {
	await sql.begin(async (sql) => {
		await sql`set local session_replication_role = replica`;
		await sql`
			insert into public.providers (
				id, slug, name, category_id, city_slug, district, address, latitude, longitude, status, verified_at, approval,
				cancellation_policy_id, rating, rating_count, price_from_minor, search_text
			)
			select
				md5('provider' || n)::uuid, 'bench-' || n, 'Maison ' || n, c.id, t.slug, 'Quartier ' || n % 40, n || ' rue des Essais',
				t.latitude + ((n::bigint * 7919) % 1000 - 500) / 3000.0, t.longitude + ((n::bigint * 104729) % 1000 - 500) / 3000.0, 'published',
				case when n % 3 = 0 then now() end, 'automatic', (select id from public.cancellation_policies limit 1),
				3 + (n % 21) / 10.0, n % 200, 5000 + n % 100 * 500,
				private.fold(concat_ws(' ', 'Maison ' || n, c.name_fr, c.name_ar, c.name_en, c.keywords, t.name_fr, t.name_ar, t.name_en, 'Quartier ' || n % 40))
			from generate_series(${from}::int, ${to}::int) as n
			join (select *, row_number() over (order by slug) - 1 as place, count(*) over () as many from public.categories) c
				on c.place = n % c.many
			join (select *, row_number() over (order by slug) - 1 as place, count(*) over () as many from public.cities) t
				on t.place = n / 12 % t.many`;
		await sql`
			insert into public.services (id, provider_id, name_fr, duration_minutes, price_minor, position)
			select md5('service' || n || '-' || k)::uuid, md5('provider' || n)::uuid, 'Prestation ' || k, 60, 5000 + n % 100 * 500, k
			from generate_series(${from}::int, ${to}::int) as n, generate_series(1, 2) as k`;
		await sql`
			insert into public.resources (id, provider_id, kind, name, position)
			select md5('resource' || n || '-' || k)::uuid, md5('provider' || n)::uuid, 'staff', 'Personne ' || k, k
			from generate_series(${from}::int, ${to}::int) as n, generate_series(1, 2) as k`;
		await sql`
			insert into public.service_resources (service_id, resource_id)
			select md5('service' || n || '-' || k)::uuid, md5('resource' || n || '-' || l)::uuid
			from generate_series(${from}::int, ${to}::int) as n, generate_series(1, 2) as k, generate_series(1, 2) as l`;
		await sql`
			insert into public.opening_hours (provider_id, weekday, opens, closes)
			select md5('provider' || n)::uuid, day, '08:00', '18:00'
			from generate_series(${from}::int, ${to}::int) as n, generate_series(1, 6) as day`;
	});
	await sql`analyze`;
}

/**
 * Gives the n-th of those providers confirmed bookings of an hour on both its members of staff, from yesterday backwards
 * and from tomorrow on, eight a day each. Returns the id of its first service.
 */
export async function fillBookings(sql: Sql, n: number, past: number, coming: number): Promise<string> {
	const [row] = await sql<{ service: string }[]>`select md5('service' || ${n}::int || '-1')::uuid as service`;
	await sql.begin(async (sql) => {
		await sql`set local session_replication_role = replica`;
		await sql`
			with planned as (
				select
					private.new_id() as id, md5('resource' || ${n}::int || '-' || 1 + k % 2)::uuid as resource_id,
					private.to_instant((current_date + case when k <= ${coming}::int then 1 + (k - 1) / 16 else -1 - (k - ${coming}::int - 1) / 16
						- (select count(*)::int / 16 from public.bookings b where b.provider_id = md5('provider' || ${n}::int)::uuid) end)::timestamp
						+ (8 + (k - 1) / 2 % 8) * interval '1 hour', 'Africa/Casablanca') as starts_at
				from generate_series(1, ${past + coming}::int) as k
			),
			booked as (
				insert into public.bookings (
					id, reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at, ends_at,
					local_starts_at, time_zone, price_minor, deposit_minor, currency, policy, idempotency_key
				)
				select
					p.id, 'BENCH' || p.id, md5('provider' || ${n}::int)::uuid, ${row!.service}, 'appointment', 'confirmed', 'Bench',
					'bench@example.com', 'fr', p.starts_at, p.starts_at + interval '1 hour', private.to_local(p.starts_at, 'Africa/Casablanca'),
					'Africa/Casablanca', 5000, 0, 'MAD', '{}', p.id
				from planned p
			)
			insert into public.occupancies (resource_id, period, booking_id)
			select p.resource_id, tstzrange(p.starts_at, p.starts_at + interval '1 hour'), p.id from planned p`;
	});
	await sql`analyze public.occupancies`;
	return row!.service;
}
