import { randomUUID } from 'node:crypto';
import { sequence } from '@sveltejs/kit/hooks';
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit/hooks';
import { PUBLIC_CAPTCHA } from '$app/env/public';
import { captchaOf } from '#lib/accounts/captcha.ts';
import { passBarrier } from '#lib/accounts/guard.server.ts';
import { searchSchema } from '#lib/catalogue/schema.ts';
import { isReadable, tidied } from '#lib/http/address.ts';
import { compress } from '#lib/http/compression.server.ts';
import { cachePages } from '#lib/http/page-cache.server.ts';
import { secure } from '#lib/http/security.server.ts';
import { prefer } from '#lib/preferences.server.ts';
import { bringsSession } from '#lib/supabase/session-cookie.ts';
import { isOfBarrier, openSession } from '#lib/supabase/session.server.ts';

/** Opens the session of the request. A page depends on its visitor's cookies: no cache may give it to another. */
const authenticate: Handle = async ({ event, resolve }) => {
	const session = openSession(event);
	Object.defineProperty(event.locals, 'supabase', { get: () => session.supabase });
	event.locals.getClaims = () => session.getClaims();
	const response = await resolve(event);
	if (session.barrier) passBarrier(event, session.barrier);
	const page = response.headers.get('content-type')?.startsWith('text/html');
	if (!response.headers.has('cache-control')) {
		// What somebody signed in has seen is in no cache, not even in their own browser's: the next one at it may be another.
		if (bringsSession(event)) response.headers.set('cache-control', 'private, no-store');
		else if (page) response.headers.set('cache-control', 'private, no-cache');
	}
	for (const [name, value] of session.headers) response.headers.set(name, value);
	return response;
};

/**
 * Leads on from an address that nothing of ours can have, whatever is asked of it, and refuses one that cannot be read: for
 * those Kit catches nothing that is thrown from here on.
 */
const tidy: Handle = ({ event, resolve }) => {
	if (!isReadable(event.url)) return new Response('This address is not well written.', { status: 400 });
	const location = tidied(event.url);
	return location === null ? resolve(event) : new Response(null, { status: 308, headers: { location } });
};

/** What every visitor sees alike, and what may be asked for there. */
const cached = new Map([
	['/[[lang=lang]]/(site)', new Set<string>()],
	['/[[lang=lang]]/(site)/search', new Set(Object.keys(searchSchema.shape))]
]);

export const handle = sequence(
	cachePages(cached),
	compress,
	secure(() => captchaOf(PUBLIC_CAPTCHA)?.sources ?? {}),
	tidy,
	prefer,
	authenticate
);

/** A mistake in one request must not end the process that serves all others. */
export const init: ServerInit = () => {
	process.on('unhandledRejection', (reason) => {
		const stack = reason instanceof Error ? reason.stack : typeof reason;
		console.error(JSON.stringify({ event: 'unhandled_rejection', stack }));
	});
};

/** Logs what nobody foresaw, by a number that the person sees too; nothing of the person is written down. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
	if (kind !== 'unknown') return;
	// A barrier is passed by a redirect, which follows.
	if (isOfBarrier(error)) return;
	const id = randomUUID().slice(0, 8);
	const stack = error instanceof Error ? error.stack : String(error);
	console.error(
		JSON.stringify({ event: 'unexpected_error', id, route: event.route.id, method: event.request.method, stack })
	);
	return { id };
};
