import type { Client } from '#lib/supabase/client.ts';
import * as lists from '#lib/supabase/lists.ts';
import type { One } from '#lib/supabase/lists.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** What the signed-in customer waits for, the earliest first. */
export async function waitingFor(client: Client, customerId: string) {
	return unwrap(
		await client
			.from('waitlist_entries')
			.select(
				`id, party_size, created_at, service:services(id, name_fr, name_ar, name_en),
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

const open: readonly One<'waitlist_status'>[] = ['waiting', 'offered'];
const outcomes = { open, past: lists.waitlist_status.filter((status) => !open.includes(status)) };

/**
 * Who waits for a place with a provider, the first in line first, or the last 100 whose waiting has ended. `offers` are
 * the bookings that held a place for them. `local_period` is a range of the provider's local times as Postgres writes it.
 */
export async function lineOf(client: Client, providerId: string, state: keyof typeof outcomes) {
	return unwrap(
		await client
			.from('waitlist_entries')
			.select(
				`id, status, party_size, local_period, created_at, customer_name,
				service:services(id, name_fr, name_ar, name_en), session:sessions(id, local_starts_at),
				offers:bookings(id, reference, status, local_starts_at, hold_expires_at, created_at)`
			)
			.eq('provider_id', providerId)
			.in('status', outcomes[state])
			.order('created_at', { ascending: state === 'open' })
			.order('created_at', { referencedTable: 'offers', ascending: false })
			.limit(state === 'open' ? 500 : 100)
	);
}

export type InLine = Awaited<ReturnType<typeof lineOf>>[number];
