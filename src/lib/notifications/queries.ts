import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** The caller's notifications, the newest first. */
export async function list(client: Client, limit = 30) {
	return unwrap(
		await client
			.from('notifications')
			.select('id, kind, data, booking_id, read_at, created_at')
			.order('created_at', { ascending: false })
			.limit(limit)
	);
}

export async function countUnread(client: Client): Promise<number> {
	const { count, error } = await client
		.from('notifications')
		.select('id', { count: 'exact', head: true })
		.is('read_at', null);
	return unwrap({ data: count ?? 0, error });
}
