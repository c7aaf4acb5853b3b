import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

// A use counts while its booking lives: a cancelled one gives it back.
const columns = `id, provider_id, code, percent, amount_minor, min_price_minor, valid_from, valid_to, max_uses,
	max_uses_each, active, service:services(name_fr, name_ar, name_en),
	uses:promo_redemptions(count, booking:bookings!inner())` as const;
const spent = '(expired,cancelled,rejected)';

/** The codes of a provider, those that are switched on first, then the newest. */
export async function list(client: Client, providerId: string) {
	const rows = unwrap(
		await client
			.from('promo_codes')
			.select(columns)
			.eq('provider_id', providerId)
			.not('uses.booking.status', 'in', spent)
			.order('active', { ascending: false })
			.order('created_at', { ascending: false })
	);
	return rows.map(({ uses, ...row }) => ({ ...row, used: uses[0]?.count ?? 0 }));
}

export type PromoCode = Awaited<ReturnType<typeof list>>[number];

/** A code that the caller may change, with its provider, or null. */
export async function get(client: Client, id: string) {
	const { data, error } = await client
		.from('promo_codes')
		.select(`${columns}, provider:providers!inner(id, slug, time_zone, currency)`)
		.eq('id', id)
		.not('uses.booking.status', 'in', spent)
		.maybeSingle();
	const found = unwrap({ data, error });
	if (!found) return null;
	const { uses, ...row } = found;
	return { ...row, used: uses[0]?.count ?? 0 };
}

/** What a code may be for: the services of a provider that can be booked. */
export async function services(client: Client, providerId: string) {
	return unwrap(
		await client
			.from('services')
			.select('id, name_fr, name_ar, name_en')
			.eq('provider_id', providerId)
			.eq('active', true)
			.order('position')
	);
}
