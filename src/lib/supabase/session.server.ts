import { createServerClient } from '@supabase/ssr';
import { isAuthError, isAuthRetryableFetchError, isAuthSessionMissingError } from '@supabase/supabase-js';
import type { JwtPayload, SupabaseClient } from '@supabase/supabase-js';
import { error } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { PUBLIC_SUPABASE_PUBLISHABLE_KEY, PUBLIC_SUPABASE_URL } from '$app/env/public';
import { countingFetch } from './auth-calls.server.ts';
import { isGenuine } from './genuine.server.ts';
import { Refusal } from './refusal.ts';
import { bringsSession, holdsSession, isSessionCookie, sessionCookie } from './session-cookie.ts';
import type { Database } from './database.ts';
import { signedAddress } from './visitor.server.ts';

/** What a request may do at Supabase: as its account when signed in, as a visitor otherwise. */
export interface Session {
	readonly supabase: SupabaseClient<Database>;
	/**
	 * The claims of a token whose signature and expiry were checked; null for visitors. Refreshes a token that ended; where
	 * that cannot be done for now, the answer is 503, and the session stays.
	 */
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
	/** the session's token was to be renewed, and Auth did not say whether it may */
	let unrenewed = false;
	/** and it is past its time: who this is cannot be known for now */
	let unknown = false;

	/** the cookies that were looked at last: a request may begin a session of its own */
	let judged: { value: string; genuine: Promise<boolean> } | undefined;

	const ask = countingFetch(event, () => (unrenewed = true));

	/** Any query may meet a barrier; it is noticed here, so that none needs to look for it. */
	const watchful: typeof fetch = async (input, init) => {
		// Nothing is done as a visitor for somebody who is none.
		if (unknown) return Response.json({ code: 'PT429', message: 'rate_limited' }, { status: 429 });
		const response = await ask(input, init);
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

	/** The request's cookies but for a session that Auth never opened, which is dropped. */
	const readCookies = async () => {
		const cookies = event.cookies.getAll();
		const session = cookies.filter(({ name }) => holdsSession(name));
		if (session.length === 0) return cookies;
		const value = JSON.stringify(session);
		if (judged?.value !== value) judged = { value, genuine: isGenuine(session) };
		try {
			if (await judged.genuine) return cookies;
			forgetSession(event);
		} catch {
			unknown = true;
		}
		return cookies.filter(({ name }) => !holdsSession(name));
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
				getAll: readCookies,
				setAll: (cookies, responseHeaders) => {
					const session = cookies.filter(({ name }) => holdsSession(name));
					if (unrenewed && session.length > 0 && session.every(({ value }) => !value)) {
						unknown = true;
						return;
					}
					for (const { name, value, options } of cookies) event.cookies.set(name, value, { ...options, path: '/' });
					for (const [name, value] of Object.entries(responseHeaders)) headers.set(name, value);
				}
			}
		});

	const verify = async (client: SupabaseClient<Database>) => {
		const { data, error: refused } = await client.auth.getClaims();
		// or Auth's keys cannot be had
		if (unknown || isAuthRetryableFetchError(refused)) error(503);
		return refused || !data ? null : data.claims;
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

/** Drops the session cookies, whatever Auth answered. */
export function forgetSession(event: RequestEvent): void {
	for (const { name } of event.cookies.getAll()) {
		if (isSessionCookie(name)) event.cookies.delete(name, { path: '/' });
	}
}
