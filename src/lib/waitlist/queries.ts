import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** What the signed-in customer waits for, the earliest first. `period` is a range of instants as Postgres writes it. */
export async function waitingFor(client: Client, customerId: string) {
	return unwrap(
		await client
			.from('waitlist_entries')
			.select(
				`id, party_size, period, created_at, service:services(id, name_fr, name_ar, name_en),
				provider:providers(slug, name, name_ar), session:sessions(id, starts_at)`
			)
			.eq('customer_id', customerId)
			.eq('status', 'waiting')
			.order('created_at')
	);
}

export type Waiting = Awaited<ReturnType<typeof waitingFor>>[number];

/** How many people wait for a place with a provider. */
export async function countWaiting(client: Client, providerId: string): Promise<number> {
	const { count, error } = await client
		.from('waitlist_entries')
		.select('id', { count: 'exact', head: true })
		.eq('provider_id', providerId)
		.eq('status', 'waiting');
	return unwrap({ data: count ?? 0, error });
}
