import { createHmac } from 'node:crypto';
import { createServerClient } from '@supabase/ssr';
import { isAuthError, isAuthSessionMissingError } from '@supabase/supabase-js';
import type { JwtPayload, SupabaseClient } from '@supabase/supabase-js';
import type { RequestEvent } from '@sveltejs/kit';
import { SITE_SECRET } from '$app/env/private';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY, PUBLIC_SUPABASE_URL } from '$app/env/public';
import { Refusal } from './refusal.ts';
import { bringsSession, isSessionCookie, sessionCookie } from './session-cookie.ts';
import type { Database } from './database.ts';

/** What a request may do at Supabase: as its account when signed in, as a visitor otherwise. */
export interface Session {
	readonly supabase: SupabaseClient<Database>;
	/** The claims of a token whose signature and expiry were checked; null for visitors. Refreshes a token that ended. */
	getClaims(): Promise<JwtPayload | null>;
	/** Headers that the answer needs because it sets session cookies. */
	readonly headers: Headers;
	/** What the database asked of the account before it goes on, if it refused something for that; else null. */
	readonly barrier: Barrier | null;
}

const barriers = ['session_ended', 'second_factor_required', 'step_up_required'] as const;
export type Barrier = (typeof barriers)[number];

const isBarrier = (code: string): code is Barrier => (barriers as readonly string[]).includes(code);

/** Auth's own words for a session that has ended, or whose account is gone. */
const isEnded = (code: unknown) => code === 'session_not_found' || code === 'user_not_found';

/** Tells whether an error is a barrier's, which is passed by a redirect. */
export function isOfBarrier(error: unknown): boolean {
	if (error instanceof Refusal) return isBarrier(error.error.code);
	return isAuthSessionMissingError(error) || (isAuthError(error) && isEnded(error.code));
}

/**
 * The session of a request. It lives in HttpOnly cookies that no script can read: the refresh token never reaches the
 * page. The client is made when first asked for.
 */
export function openSession(event: RequestEvent): Session {
	const headers = new Headers();
	let client: SupabaseClient<Database> | undefined;
	let claims: Promise<JwtPayload | null> | undefined;
	let barrier: Barrier | null = null;

	/** Any query may meet a barrier; it is noticed here, so that none needs to look for it. */
	const watchful: typeof fetch = async (input, init) => {
		const response = await fetch(input, init);
		if (response.status === 401 || response.status === 403) {
			const refusal = (await response
				.clone()
				.json()
				.catch(() => null)) as Record<'message' | 'code' | 'error_code', unknown> | null;
			// Auth has its code in either field, by the version of its API.
			const raised =
				isEnded(refusal?.error_code) || isEnded(refusal?.code)
					? 'session_ended'
					: barriers.find((code) => code === refusal?.message);
			barrier = raised ?? barrier;
			// At once: when the answer is made, it is too late to set cookies.
			if (barrier === 'session_ended') forgetSession(event);
		}
		return response;
	};

	const connect = () =>
		createServerClient<Database>(PUBLIC_SUPABASE_URL, PUBLIC_SUPABASE_PUBLISHABLE_KEY, {
			cookieOptions: {
				name: sessionCookie,
				path: '/',
				httpOnly: true,
				sameSite: 'lax',
				secure: event.url.protocol === 'https:'
			},
			global: { headers: signedAddress(event), fetch: watchful },
			cookies: {
				getAll: () => event.cookies.getAll(),
				setAll: (cookies, responseHeaders) => {
					for (const { name, value, options } of cookies) event.cookies.set(name, value, { ...options, path: '/' });
					for (const [name, value] of Object.entries(responseHeaders)) headers.set(name, value);
				}
			}
		});

	const verify = async (client: SupabaseClient<Database>) => {
		const { data, error } = await client.auth.getClaims();
		return error || !data ? null : data.claims;
	};

	return {
		headers,
		get barrier() {
			return barrier;
		},
		get supabase() {
			return (client ??= connect());
		},
		getClaims() {
			if (!bringsSession(event)) return Promise.resolve(null);
			return (claims ??= verify(this.supabase));
		}
	};
}

/** The visitor's address for the database's rate limits: it believes it because it is signed. */
function signedAddress(event: RequestEvent): Record<string, string> {
	if (!SITE_SECRET) return {};
	const address = event.getClientAddress();
	return {
		'x-visitor': address,
		'x-visitor-signature': createHmac('sha256', SITE_SECRET).update(address).digest('hex')
	};
}

/** Drops the session cookies, whatever Auth answered. */
export function forgetSession(event: RequestEvent): void {
	for (const { name } of event.cookies.getAll()) {
		if (isSessionCookie(name)) event.cookies.delete(name, { path: '/' });
	}
}
