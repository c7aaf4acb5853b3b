import { paged, past } from '#lib/list/cursor.ts';
import type { Cursor, Page } from '#lib/list/cursor.ts';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Json } from '#lib/supabase/types.ts';

/** How many notifications a page of the list holds. */
export const perPage = 20;

// The booking gives names in the reader's language and its local time; `data` is in the language of the day it was written.
const columns = `id, kind, data, booking_id, read_at, created_at,
	booking:bookings(local_starts_at, currency, refund_minor, customer_name,
		service:services(name_fr, name_ar, name_en),
		provider:providers(name, name_ar))`;

/** The caller's notifications, newest first: a page of them, those older than the cursor where one is given. */
export async function list(client: Client, before?: Cursor): Promise<Page<Row>> {
	const query = newestFirst(client).limit(perPage + 1);
	const rows = unwrap(await (before ? query.or(past('created_at', 'lt', before)) : query));
	return paged(rows, perPage, ({ created_at, id }) => ({ at: created_at, id }));
}

/** Those from the newest down to the cursor, itself included: what stands above a page that begins below it. */
export async function listDownTo(client: Client, cursor: Cursor): Promise<Row[]> {
	return unwrap(await newestFirst(client).or(past('created_at', 'gt', cursor, true)));
}

const newestFirst = (client: Client) =>
	client
		.from('notifications')
		.select(columns)
		.order('created_at', { ascending: false })
		.order('id', { ascending: false });

type Row = NonNullable<Awaited<ReturnType<typeof newestFirst>>['data']>[number];

/** A notification with its booking, as far as its reader may still see that. */
export type Notification = Omit<Row, 'booking'> & { booking: Partial<Row['booking']> | null };

/** One of the caller's notifications, or null. */
export async function get(
	client: Client,
	id: string
): Promise<{ kind: string; data: Json; booking_id: string | null } | null> {
	return unwrap(await client.from('notifications').select('kind, data, booking_id').eq('id', id).maybeSingle()) ?? null;
}

/** How many notifications the caller has not read. */
export async function countUnread(client: Client): Promise<number> {
	// Not by HEAD, whose refusal has no body: nobody would learn that the session has ended.
	const { count, error } = await client
		.from('notifications')
		.select('id', { count: 'exact' })
		.is('read_at', null)
		.limit(1);
	return unwrap({ data: count ?? 0, error });
}
