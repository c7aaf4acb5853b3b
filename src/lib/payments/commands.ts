import { FunctionsHttpError } from '@supabase/supabase-js';
import type { Client } from '#lib/supabase/client.ts';
import { Refusal } from '#lib/supabase/refusal.ts';

/**
 * Opens the checkout page for what is to be paid of a booking now and gives its address; from there the customer comes back to
 * the booking's page. `language` is the page's, where it is not open already. Raises Refusal: hold_expired, not_found, not_allowed, invalid_transition.
 */
export async function checkout(
	client: Client,
	wanted: { bookingId: string; token?: string; language: string }
): Promise<string> {
	const { data, error } = await client.functions.invoke<{ url: string }>('checkout', {
		body: {
			booking_id: wanted.bookingId,
			manage_token: wanted.token,
			language: wanted.language
		}
	});
	if (error instanceof FunctionsHttpError)
		throw new Refusal(await (error.context as Response).json().catch(() => null));
	if (error || !data) throw new Refusal(error);
	return data.url;
}
