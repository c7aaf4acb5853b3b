import { createHmac } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import { SITE_SECRET } from '$app/env/private';

/** The visitor's address for the database's rate limits: it believes it because it is signed. */
export function signedAddress(event: Pick<RequestEvent, 'getClientAddress'>): Record<string, string> {
	if (!SITE_SECRET) return {};
	const address = event.getClientAddress();
	return {
		'x-visitor': address,
		'x-visitor-signature': createHmac('sha256', SITE_SECRET).update(address).digest('hex')
	};
}
