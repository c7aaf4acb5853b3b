import { parseMoney } from '#lib/money/money.ts';
import type { Client } from '#lib/supabase/client.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';
import { instantOf } from '#lib/time/clocks.ts';
import { addDays } from '#lib/time/zone.ts';
import type { PromoForm, PromoTerms } from './schema.ts';

interface Provider {
	id: string;
	time_zone: string;
	currency: string;
}

/** The terms as columns: from the midnight of the first day to that after the last. */
function columnsOf(terms: PromoTerms, zone: string) {
	const midnight = (day: string) => instantOf(day, '00:00', zone).toISOString();
	return {
		min_price_minor: terms.min_price,
		// left out where empty: a new code holds at once, an old one keeps its first day
		...(terms.from && { valid_from: midnight(terms.from) }),
		valid_to: terms.to ? midnight(addDays(terms.to, 1)) : null,
		max_uses: terms.max_uses,
		max_uses_each: terms.max_uses_each
	};
}

/** Makes a code. False where the provider has one of that name already. Raises Refusal for everything else. */
export async function create(client: Client, provider: Provider, form: PromoForm): Promise<boolean> {
	const { error } = await client.from('promo_codes').insert({
		provider_id: provider.id,
		code: form.code,
		percent: form.kind === 'percent' ? Number(form.value) : null,
		amount_minor: form.kind === 'amount' ? parseMoney(form.value, provider.currency) : null,
		service_id: form.service || null,
		...columnsOf(form, provider.time_zone)
	});
	if (error?.code === '23505') return false;
	if (error) throw new Refusal(error);
	return true;
}

/** Changes the terms of a code. Raises Refusal `not_found` where the caller may not. */
export async function change(client: Client, id: string, zone: string, terms: PromoTerms): Promise<void> {
	unwrap(await client.from('promo_codes').update(columnsOf(terms, zone)).eq('id', id).select('id').single());
}

/** Switches a code on or off; bookings that used it keep their price. Raises Refusal `not_found`. */
export async function setActive(client: Client, id: string, active: boolean): Promise<void> {
	unwrap(await client.from('promo_codes').update({ active }).eq('id', id).select('id').single());
}
