import { FunctionsHttpError } from '@supabase/supabase-js';
import type { Client } from '#lib/supabase/client.ts';
import { Refusal } from '#lib/supabase/refusal.ts';

/**
 * Opens a checkout page for a held booking's deposit and gives its address. `returnTo` is the path of the site that the
 * customer comes back to. Raises Refusal: hold_expired, not_found, not_allowed, invalid_transition.
 */
export async function checkout(
	client: Client,
	wanted: { bookingId: string; token?: string; language: string; returnTo: string }
): Promise<string> {
	const { data, error } = await client.functions.invoke<{ url: string }>('checkout', {
		body: {
			booking_id: wanted.bookingId,
			manage_token: wanted.token,
			language: wanted.language,
			return_to: wanted.returnTo
		}
	});
	if (error instanceof FunctionsHttpError)
		throw new Refusal(await (error.context as Response).json().catch(() => null));
	if (error || !data) throw new Refusal(error);
	return data.url;
}
