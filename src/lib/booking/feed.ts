import { PUBLIC_SUPABASE_URL } from '$app/env/public';
import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

/** The addresses of a member's calendar feed: to be copied, and one that opens the device's calendar program. */
export interface FeedAddresses {
	https: string;
	webcal: string;
}

/** Both hold the secret: whoever has one reads the customers' names, phone numbers and addresses. */
function addressesOf(secret: string): FeedAddresses {
	const https = `${PUBLIC_SUPABASE_URL}/functions/v1/calendar/${secret}.ics`;
	return { https, webcal: https.replace(/^https?:/, 'webcal:') };
}

/** The caller's feed of a provider, made when first asked for. Raises Refusal: not_found for who is no member, rate_limited. */
export async function mine(client: Client, providerId: string): Promise<FeedAddresses> {
	return addressesOf(unwrap(await client.rpc('my_calendar_feed', { provider_id: providerId })));
}

/** Gives the caller's feed another address; the old one stops at once. Raises Refusal as `mine` does. */
export async function renew(client: Client, providerId: string): Promise<void> {
	unwrap(await client.rpc('renew_calendar_feed', { provider_id: providerId }));
}
