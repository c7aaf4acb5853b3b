import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

export type Progress = Awaited<ReturnType<typeof progress>>;

/** How far a provider has come since its start: what its owner may still do. */
export async function progress(client: Client, providerId: string) {
	const { data, error } = await client
		.from('providers')
		.select('status, verified_at, photos(count), services(count), provider_members(count), verifications(status)')
		.eq('id', providerId)
		.eq('verifications.status', 'waiting')
		.single();
	const row = unwrap({ data, error });
	return {
		status: row.status,
		verified: row.verified_at !== null,
		verifying: row.verifications.length > 0,
		photos: row.photos[0]?.count ?? 0,
		services: row.services[0]?.count ?? 0,
		members: row.provider_members[0]?.count ?? 0
	};
}

/** Whether the account works for any provider. */
export async function worksSomewhere(client: Client, accountId: string): Promise<boolean> {
	const rows = unwrap(await client.from('provider_members').select('role').eq('user_id', accountId).limit(1));
	return rows.length > 0;
}

/** What an account has asked the platform's staff for while it began, the newest first: one town, and trades. */
export async function startRequests(client: Client, accountId: string) {
	const rows = unwrap(
		await client
			.from('start_requests')
			.select('town, status, note, city_slug, draft, category:categories(slug)')
			.eq('account_id', accountId)
			.order('created_at', { ascending: false })
			.limit(50)
	);
	const { draft } = rows.find(({ draft }) => Object.keys(draft as object).length > 0) ?? {};
	return {
		town: rows.find(({ town }) => town !== null) ?? null,
		trades: rows.flatMap(({ category, status }) => (category && status === 'waiting' ? [category.slug] : [])),
		draft: (draft ?? null) as Record<string, string> | null
	};
}
