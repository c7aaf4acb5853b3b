import type { Handle } from '@sveltejs/kit/hooks';
import { PUBLIC_SUPABASE_URL } from '$app/env/public';
import { withSupabase } from '#lib/supabase/policy.ts';

/** Headers that every answer of the site carries. */
const always = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'strict-origin-when-cross-origin',
	'cross-origin-opener-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(self), payment=(self), browsing-topics=()'
};

/** Sets the security headers and completes the content security policy. */
export const secure: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	for (const [name, value] of Object.entries(always)) response.headers.set(name, value);
	if (event.url.protocol === 'https:') response.headers.set('strict-transport-security', 'max-age=31536000');
	const policy = response.headers.get('content-security-policy');
	if (policy) response.headers.set('content-security-policy', withSupabase(policy, PUBLIC_SUPABASE_URL));
	return response;
};
