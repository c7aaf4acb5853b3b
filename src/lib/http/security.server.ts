import type { Handle } from '@sveltejs/kit/hooks';
import { PUBLIC_SUPABASE_URL } from '$app/env/public';
import { withSources, withSupabase } from '#lib/supabase/policy.ts';
import { comesFromElsewhere } from './origin.ts';

/** Headers that every answer of the site carries. */
const always = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'strict-origin-when-cross-origin',
	'cross-origin-opener-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=(self), browsing-topics=()'
};

/** The policy of a page that Kit makes without one: an error of an endpoint, or one before anything was drawn. */
const ofBarePages =
	"default-src 'none'; script-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/**
 * Refuses what another site has a browser send, sets the security headers and completes the content security policy.
 * What a page says of itself, such as a stricter referrer policy, stays. `sources` are what pages load from elsewhere, by
 * directive of the policy.
 */
export function secure(sources: () => Record<string, string>): Handle {
	return async ({ event, resolve }) => {
		const foreign = comesFromElsewhere({
			method: event.request.method,
			origin: event.request.headers.get('origin'),
			fetchSite: event.request.headers.get('sec-fetch-site'),
			own: event.url.origin
		});
		const response = foreign
			? new Response('Requests from other sites are refused.', { status: 403 })
			: await resolve(event);
		for (const [name, value] of Object.entries(always)) {
			if (!response.headers.has(name)) response.headers.set(name, value);
		}
		if (event.url.protocol === 'https:') response.headers.set('strict-transport-security', 'max-age=31536000');
		const policy = response.headers.get('content-security-policy');
		if (policy) {
			response.headers.set(
				'content-security-policy',
				withSources(withSupabase(policy, PUBLIC_SUPABASE_URL), sources())
			);
		} else if (response.headers.get('content-type')?.startsWith('text/html'))
			response.headers.set('content-security-policy', ofBarePages);
		return response;
	};
}
