import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** What an owner or manager has to settle after a country changed its clocks, the earliest first. */
export async function list(client: Client, providerId: string) {
	return unwrap(
		await client
			.from('clock_clashes')
			.select(
				`id, kind, local_starts_at, booking:bookings!clock_clashes_booking_id_fkey(id, reference), session_id, closure_id,
				other:bookings!clock_clashes_other_booking_id_fkey(id, reference)`
			)
			.eq('provider_id', providerId)
			.order('local_starts_at')
			.limit(100)
	);
}

export type Clash = Awaited<ReturnType<typeof list>>[number];

/** Takes one off the list. Raises Refusal `not_found` where the caller may not. */
export async function settle(client: Client, id: string): Promise<void> {
	unwrap(await client.from('clock_clashes').delete().eq('id', id).select('id').single());
}
