import { batchesOf, perBatch } from '#lib/list/batches.ts';
import { past } from '#lib/list/cursor.ts';
import type { Client } from '#lib/supabase/client.ts';
import { containing } from '#lib/supabase/pattern.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import { instantOf } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import { withContacts, withMoves } from '../queries.ts';
import type { BookingList } from './schema.ts';

export const perPage = 25;

const columns = `id, reference, status, starts_at, local_starts_at, party_size, seats, price_minor, discount_minor,
	paid_minor, refund_minor, paid_on_site_minor, currency, customer_name, notes, created_at, mode,
	service:services(name_fr, name_ar, name_en),
	places:occupancies(resource:resources(name)),
	session:sessions(resource:resources(name))` as const;

/** Whose bookings, and which of them. */
export interface Wanted {
	provider: { id: string; time_zone: string };
	filter: BookingList;
	/** the kind of the resource that the filter names */
	kind?: string;
}

/** The columns, and for one resource the rows that take it: a session's bookings take its room by the session. */
function columnsFor({ filter, kind }: Wanted): typeof columns {
	if (!filter.resource) return columns;
	const taken = kind === 'room' ? 'taken:sessions!inner(resource_id)' : 'taken:occupancies!inner(resource_id)';
	return `${columns}, ${taken}` as typeof columns;
}

function matching(client: Client, wanted: Wanted, count?: 'exact') {
	const { provider, filter, kind } = wanted;
	let query = client
		.from('bookings')
		.select(columnsFor(wanted), { count })
		.eq('provider_id', provider.id)
		.not('status', 'in', '(held,expired)')
		// what a change may go back to is not where it takes place
		.eq('places.kept', false);
	if (filter.status) query = query.eq('status', filter.status);
	if (filter.service) query = query.eq('service_id', filter.service);
	if (filter.resource) query = query.eq('taken.resource_id', filter.resource);
	if (filter.resource && kind !== 'room') query = query.eq('taken.kept', false);
	// The promised local time decides; the instants, a day more on either side, let the index of starts be used.
	const instant = (day: string, days: number) =>
		instantOf(addDays(day, days), '00:00', provider.time_zone).toISOString();
	if (filter.from) query = query.gte('local_starts_at', filter.from).gte('starts_at', instant(filter.from, -1));
	if (filter.to) query = query.lt('local_starts_at', addDays(filter.to, 1)).lt('starts_at', instant(filter.to, 2));
	if (filter.q) query = query.or(`customer_name.ilike.${containing(filter.q)},reference.ilike.${containing(filter.q)}`);
	return query;
}

const orders = {
	latest: { by: 'starts_at', ascending: false },
	soonest: { by: 'starts_at', ascending: true },
	newest: { by: 'created_at', ascending: false },
	price: { by: 'price_minor', ascending: false },
	name: { by: 'customer_name', ascending: true }
} as const;

/** A page of the list and how many rows there are in all; null where the list has no such page. */
export async function page(client: Client, wanted: Wanted) {
	const { by, ascending } = orders[wanted.filter.sort ?? 'latest'];
	const first = ((wanted.filter.page ?? 1) - 1) * perPage;
	const { data, error, count, status } = await matching(client, wanted, 'exact')
		.order(by, { ascending })
		.order('id')
		.range(first, first + perPage - 1);
	if (status === 416) return null;
	return { rows: await withMoves(client, unwrap({ data, error })), total: count ?? 0 };
}

export type ListedBooking = NonNullable<Awaited<ReturnType<typeof page>>>['rows'][number];
type Row = Omit<ListedBooking, 'next_moves'>;

const inFile = (client: Client, rows: Row[]) => withContacts(client, rows);
export type FileBooking = Awaited<ReturnType<typeof inFile>>[number];

/** All rows of the list in batches, by start, with how their customers are reached. */
export async function* batches(client: Client, wanted: Wanted): AsyncGenerator<FileBooking[]> {
	const list = batchesOf<Row>(
		async (after) => {
			const query = matching(client, wanted).order('starts_at').order('id').limit(perBatch);
			return unwrap(await (after ? query.or(past('starts_at', 'gt', after)) : query));
		},
		({ starts_at, id }) => ({ at: starts_at, id })
	);
	for await (const rows of list) yield inFile(client, rows);
}

/** Who or what a booking takes: staff, tables, or a session's room. */
export function placesOf({ places, session }: Pick<ListedBooking, 'places' | 'session'>): string[] {
	return session ? [session.resource.name] : places.map(({ resource }) => resource.name);
}

/** What the list may be filtered by: all services and resources of a provider, those of the past too. */
export async function choices(client: Client, providerId: string) {
	const [services, resources] = await Promise.all([
		client.from('services').select('id, name_fr, name_ar, name_en').eq('provider_id', providerId).order('position'),
		client.from('resources').select('id, name, kind').eq('provider_id', providerId).order('position')
	]);
	return { services: unwrap(services), resources: unwrap(resources) };
}

/** How many requests wait for an answer. */
export async function countOpen(client: Client, providerId: string): Promise<number> {
	const { count, error } = await client
		.from('bookings')
		.select('id', { count: 'exact', head: true })
		.eq('provider_id', providerId)
		.eq('status', 'pending');
	return unwrap({ data: count ?? 0, error });
}

/** The references of some bookings, as far as the caller may read them. */
export async function references(client: Client, ids: string[]): Promise<Map<string, string>> {
	const rows = unwrap(await client.from('bookings').select('id, reference').in('id', ids));
	return new Map(rows.map(({ id, reference }) => [id, reference]));
}
