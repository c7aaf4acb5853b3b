import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** Marks all of the caller's notifications read. */
export async function markAllRead(client: Client): Promise<void> {
	const { error } = await client
		.from('notifications')
		.update({ read_at: new Date().toISOString() })
		.is('read_at', null);
	unwrap({ data: true, error });
}
