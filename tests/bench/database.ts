import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { Sql } from 'postgres';
import { temporaryBackend } from '../../scripts/temporary.ts';
import { factsOf } from '../../scripts/facts.ts';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { migrate } from '../../scripts/migrations.ts';
import { explain } from './plans.ts';
import type { Plans } from './plans.ts';
import { fillBookings, fillProviders } from './fill.ts';

/** Milliseconds that a query took, over some runs after a first one that warms up. */
export interface Times {
	name: string;
	p50: number;
	p95: number;
}

/** Calls a second, several connections asking at once. */
export interface Throughput {
	name: string;
	rate: number;
}

export interface DatabaseFigures {
	plans: Plans[];
	times: Times[];
	throughput: Throughput[];
}

const search = `select * from public.search_providers(
	q => 'plombier', lat => 33.57, lng => -7.59, radius_km => 10, free_on => (current_date + 2))`;
const month = (service: string) => `select public.available_slots('${service}', current_date + 1, current_date + 31)`;

async function time(sql: Sql, name: string, query: string): Promise<Times> {
	const taken: number[] = [];
	for (let run = 0; run < 60; run++) {
		const begun = performance.now();
		await sql.unsafe(query, [], { prepare: true });
		if (run >= 10) taken.push(performance.now() - begun);
	}
	taken.sort((a, b) => a - b);
	const at = (share: number) => taken[Math.floor(taken.length * share)]!;
	return { name, p50: at(0.5), p95: at(0.95) };
}

/** Eight connections for four seconds; `call` gets a number of its own each time. */
async function rate(sql: Sql, name: string, call: (sql: Sql, n: number) => Promise<unknown>): Promise<Throughput> {
	let n = 0;
	let done = 0;
	const until = performance.now() + 4000;
	const work = async () => {
		while (performance.now() < until) {
			await call(sql, n++);
			done++;
		}
	};
	await Promise.all(Array.from({ length: 8 }, work));
	return { name, rate: done / 4 };
}

/** Writes what create_booking writes, and asks nothing: no limit, price, hours, lock or choice. */
const bareBooking = `
	create function public.bare_booking(service uuid, provider uuid, resource uuid, at timestamptz) returns void
	language plpgsql security definer as $$
	declare
		booking uuid := private.new_id();
	begin
		insert into public.bookings (
			id, reference, provider_id, service_id, mode, status, customer_name, customer_email, language, starts_at, ends_at,
			local_starts_at, time_zone, price_minor, deposit_minor, currency, policy, idempotency_key
		)
		values (
			booking, booking::text, provider, service, 'appointment', 'confirmed', 'Bench', 'bench@example.com', 'fr', at,
			at + interval '1 hour', at at time zone 'UTC', 'Africa/Casablanca', 1000, 0, 'MAD', '{}', booking
		);
		insert into public.occupancies (resource_id, period, booking_id)
		values (resource, tstzrange(at, at + interval '1 hour'), booking);
		insert into public.booking_events (booking_id, to_status, actor) values (booking, 'confirmed', 'customer');
	end
	$$;
	grant execute on function public.bare_booking to postgres`;

/** Measures the engine on data of its own: what a search, a month of slots and a booking cost. */
export async function measureDatabase(lifetime: Lifetime): Promise<DatabaseFigures> {
	const backend = await temporaryBackend();
	try {
		await migrate(lifetime, factsOf(backend), true);
		const superuser = postgres(backend.databaseUrl('supabase_admin'), { max: 1, onnotice: () => {} });
		const sql = postgres(backend.databaseUrl('postgres'), { max: 8, onnotice: () => {} });
		const times: Times[] = [];
		await fillProviders(superuser, 1, 10_000);
		times.push(await time(sql, 'search of 10,000 providers: text, distance, free on a date', search));
		await fillProviders(superuser, 10_001, 100_000);
		times.push(await time(sql, 'the same of 100,000', search));
		lifetime.check();

		const service = await fillBookings(superuser, 1, 2500, 2500);
		times.push(await time(sql, 'a month of slots, 2,500 bookings past and 2,500 to come', month(service)));
		await fillBookings(superuser, 1, 50_000, 0);
		times.push(await time(sql, 'the same with 50,000 more past ones', month(service)));
		lifetime.check();

		await sql`update private.rate_limits set max_calls = 100000000`;
		await superuser`
			create table public.bare (id uuid primary key default gen_random_uuid(), resource_id uuid not null, period tstzrange not null,
				exclude using gist (resource_id with =, period with &&))`;
		await superuser`grant all on public.bare to postgres`;
		const services = await sql<{ id: string; provider_id: string; resource_id: string }[]>`
			select s.id, s.provider_id, (select min(l.resource_id::text) from public.service_resources l where l.service_id = s.id) as resource_id
			from public.services s
			where s.name_fr = 'Prestation 1' and s.provider_id <> md5('provider1')::uuid limit 20000`;
		const starts = await sql<{ at: string }[]>`
			select at::text from generate_series(
				private.to_instant((current_date + 3)::timestamp + interval '9 hours', 'Africa/Casablanca'),
				private.to_instant((current_date + 3)::timestamp + interval '16 hours', 'Africa/Casablanca'), '1 hour') as at`;
		const book = (sql: Sql, n: number) => sql`
					select public.create_booking(
						service_id => ${services[n % services.length]!.id},
						starts_at => ${starts[Math.floor(n / services.length) % starts.length]!.at}::timestamptz,
						guest => jsonb_build_object('name', 'Bench', 'email', ${`bench${n}@example.com`}::text), idempotency_key => ${randomUUID()})`;
		const throughput = [
			await rate(
				sql,
				'a bare insert with the same constraint',
				(sql, n) => sql`
					insert into public.bare (resource_id, period)
					values (${services[n % services.length]!.id}, tstzrange(now() + ${n} * interval '1 hour', now() + ${n + 1} * interval '1 hour'))`
			),
			await rate(sql, 'create_booking', book)
		];
		// The same without the worker that sends the mails on the same machine: what the database alone can do.
		await superuser`delete from private.settings where name = 'functions_url'`;
		await new Promise((resolve) => setTimeout(resolve, 10_000));
		throughput.push(await rate(sql, 'create_booking, while nobody sends its mails', book));
		await superuser.unsafe(bareBooking);
		throughput.push(
			await rate(sql, 'the rows of a booking and of who is told, written bare, while nobody sends', (sql, n) => {
				const { id, provider_id, resource_id } = services[n % services.length]!;
				const day = Math.floor(n / services.length) + 30;
				return sql`select public.bare_booking(${id}, ${provider_id}, ${resource_id}, now() + ${day} * interval '1 day')`;
			})
		);
		await superuser`analyze`;
		const plans = await explain(backend.databaseUrl('supabase_admin'), [
			['A search of 100,000 providers: text, distance, free on a date', search],
			['A month of slots of a provider with 55,000 bookings', month(service)],
			[
				'A booking',
				`select public.create_booking(service_id => '${services.at(-1)!.id}', starts_at => '${starts[0]!.at}',
					guest => '{"name": "Bench", "email": "bench@example.com"}', idempotency_key => '${randomUUID()}')`
			]
		]);
		await Promise.all([sql.end(), superuser.end()]);
		return { times, throughput, plans };
	} finally {
		await backend.close();
	}
}
