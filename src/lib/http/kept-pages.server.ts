import type { RequestEvent } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import { LRUCache } from 'lru-cache';
import { negotiate } from '#lib/i18n/languages.ts';
import { bringsSession } from '#lib/supabase/session-cookie.ts';
import { chooseEncoding } from './compression.server.ts';

/** An answer as it left, ready to leave again. */
interface KeptPage {
	headers: [string, string][];
	body: Uint8Array<ArrayBuffer>;
}

/** Pages that are the same for every visitor. What is booked meanwhile shows after these milliseconds at the latest. */
const routes = new Set(['/[[lang=lang]]/(site)', '/[[lang=lang]]/(site)/search']);
const milliseconds = 5000;

const pages = new LRUCache<string, KeptPage>({
	ttl: milliseconds,
	// a clock that tests can turn
	perf: { now: () => Date.now() },
	// bytes
	maxSize: 16 * 1024 * 1024,
	sizeCalculation: ({ body }) => body.byteLength + 2048
});

/** The first of several visitors who ask at the same moment has the page made; the others wait for it. */
const making = new Map<string, Promise<KeptPage | null>>();

/**
 * What tells one page from another, or null where nothing may be kept: people with a session and other routes get a
 * page of their own. Cookies count as a whole (theme, language), so that no cookie's effect can reach another visitor.
 */
function keyOf(event: RequestEvent): string | null {
	const { request, url, route } = event;
	if (request.method !== 'GET' || !routes.has(route.id ?? '') || bringsSession(event)) return null;
	return JSON.stringify([
		url.host + url.pathname + url.search,
		event.isDataRequest,
		request.headers.get('cookie'),
		negotiate(request.headers.get('accept-language')),
		chooseEncoding(request.headers.get('accept-encoding'))
	]);
}

async function read(response: Response): Promise<KeptPage | null> {
	if (response.status !== 200 || response.headers.has('set-cookie')) return null;
	const body = new Uint8Array(await response.clone().arrayBuffer());
	return { headers: [...response.headers], body };
}

const answer = ({ headers, body }: KeptPage) => new Response(body, { headers });

/** Answers visitors with a page made a moment ago for another visitor, where both would get the same. */
export const keepPages: Handle = async ({ event, resolve }) => {
	const key = keyOf(event);
	if (key === null) return resolve(event);

	const awaited = making.get(key);
	const kept = pages.get(key) ?? (awaited && (await awaited.catch(() => null)));
	if (kept) return answer(kept);

	const response = Promise.resolve(resolve(event));
	making.set(key, response.then(read));
	try {
		const page = await making.get(key);
		if (page) pages.set(key, page);
		return await response;
	} finally {
		making.delete(key);
	}
};
