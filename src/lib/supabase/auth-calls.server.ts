import type { RequestEvent } from '@sveltejs/kit';
import { SUPABASE_SECRET_KEY } from '$app/env/private';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY, PUBLIC_SUPABASE_URL } from '$app/env/public';
import { signedAddress } from './visitor.server.ts';

/**
 * What the site asks Auth, which counts by the address that asks: that of the site's server, for all of its visitors. So
 * that nobody uses up what is everybody's, each such call is counted first by the database, for its visitor; and where the
 * site has the project's secret key, Auth is told the visitor's address, and counts that.
 */
type Visit = Pick<RequestEvent, 'getClientAddress'>;

const auth = `${PUBLIC_SUPABASE_URL}/auth/v1`;

/** What Auth counts by address, by the names of public.count_auth_call. */
const counted: [method: string, path: RegExp, operation: string][] = [
	['POST', /^\/token$/, 'token'],
	['POST', /^\/verify$/, 'verify'],
	['POST', /^\/(otp|recover|resend|signup|magiclink)$/, 'mail'],
	['PUT', /^\/user$/, 'user'],
	// each challenge is answered by one code, which needs no count of its own
	['POST', /^\/factors\/[^/]+\/challenge$/, 'factor']
];

/** A request of supabase-js to Auth: its path there, and what it is counted as; null for a request to anything else. */
function readCall(input: Parameters<typeof fetch>[0], init: RequestInit | undefined) {
	const request = new Request(input, { method: init?.method ?? 'GET' });
	if (!request.url.startsWith(`${auth}/`)) return null;
	const { pathname, searchParams } = new URL(request.url);
	const path = pathname.slice(new URL(auth).pathname.length);
	return {
		operation: counted.find(([method, shape]) => method === request.method && shape.test(path))?.[2] ?? null,
		renews: path === '/token' && searchParams.get('grant_type') === 'refresh_token'
	};
}

/** A refusal in the words of Auth. */
const refusal = (status: number, error_code: string, msg: string) =>
	Response.json({ code: status, error_code, msg }, { status });

/** Counts a call for the visitor, and for the account that asks; the answer in Auth's place where it may not go on. */
async function count(event: Visit, operation: string, headers: Headers): Promise<Response | null> {
	const answer = await fetch(`${PUBLIC_SUPABASE_URL}/rest/v1/rpc/count_auth_call`, {
		method: 'POST',
		headers: {
			...signedAddress(event),
			apikey: PUBLIC_SUPABASE_PUBLISHABLE_KEY,
			authorization: headers.get('authorization')!,
			'content-type': 'application/json'
		},
		body: JSON.stringify({ operation })
	}).catch(() => null);
	if (answer?.ok) return null;
	if (answer?.status === 429) return refusal(429, 'over_request_rate_limit', 'Request rate limit reached');
	// or Auth would count what it refuses
	if (answer?.status === 401) return refusal(403, 'session_not_found', 'The session has ended');
	return refusal(503, 'unexpected_failure', 'The database does not answer');
}

/**
 * The `fetch` of a visit's client. `onRenewalFailed` is told when a session could not be renewed for a reason that is not
 * its own (a limit, a failure, no answer), and the client gets a refusal that it does not repeat while the page waits.
 */
export function countingFetch(event: Visit, onRenewalFailed: () => void): typeof fetch {
	return async (input, init) => {
		const call = readCall(input, init);
		if (!call) return fetch(input, init);
		const headers = new Headers(init?.headers);
		if (!headers.has('authorization')) headers.set('authorization', `Bearer ${PUBLIC_SUPABASE_PUBLISHABLE_KEY}`);
		const ask = async () => {
			const refused = call.operation && (await count(event, call.operation, headers));
			if (refused) return refused;
			if (SUPABASE_SECRET_KEY) {
				// Whom it asks for is in `authorization` all the same: the key but vouches for the address.
				headers.set('apikey', SUPABASE_SECRET_KEY);
				headers.set('sb-forwarded-for', event.getClientAddress());
			}
			return fetch(input, { ...init, headers });
		};
		if (!call.renews) return ask();
		const answer = await ask().catch(() => null);
		// 401 is a key of the site's that the project does not know: Auth says of a session that it is over by 400 and 403
		if (answer && ![401, 429].includes(answer.status) && answer.status < 500) return answer;
		onRenewalFailed();
		return refusal(429, 'over_request_rate_limit', 'The session could not be renewed');
	};
}
