import type { RequestEvent } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import { LRUCache } from 'lru-cache';
import { negotiate } from '#lib/i18n/languages.ts';
import { bringsSession } from '#lib/supabase/session-cookie.ts';
import { chooseEncoding } from './compression.server.ts';

/** An answer as it left, ready to leave again. */
interface CachedPage {
	headers: [string, string][];
	body: Uint8Array<ArrayBuffer>;
}

/** Pages that are the same for every visitor, by route, with the names that the query of their addresses may have. */
export type CachedRoutes = ReadonlyMap<string, ReadonlySet<string>>;

/** What is booked meanwhile shows after these milliseconds at the latest. */
const milliseconds = 5000;
/** Characters of a query or of cookies beyond which a request is nobody else's. */
const longest = 1000;

const pages = new LRUCache<string, CachedPage>({
	ttl: milliseconds,
	// a clock that tests can turn
	perf: { now: () => Date.now() },
	// bytes
	maxSize: 16 * 1024 * 1024,
	sizeCalculation: ({ body }) => body.byteLength + 2048
});

/** The first of several visitors who ask at the same moment has the page made; the others wait for it. */
const making = new Map<string, Promise<CachedPage | null>>();

/**
 * What tells one page from another, or null where nothing may be kept: only whole pages are, asked for as a browser does.
 * People with a session, other routes, the data of a page (of which a client names the parts that it wants) and addresses
 * that ask for anything else get an answer of their own. Cookies count as a whole (theme, language), so that no cookie's
 * effect can reach another visitor.
 */
function keyOf(event: RequestEvent, routes: CachedRoutes): string | null {
	const { request, url, route } = event;
	const known = routes.get(route.id ?? '');
	if (!known || request.method !== 'GET' || event.isDataRequest || bringsSession(event)) return null;
	// what is asked beside a page bears its address in `url`, and its own in the request
	if (new URL(request.url).pathname !== url.pathname) return null;
	const asked = [...url.searchParams.keys()];
	if (asked.some((name) => !known.has(name)) || new Set(asked).size < asked.length) return null;
	const names = [...request.headers.keys()];
	if (names.some((name) => name.startsWith('x-sveltekit-')) || names.includes('range')) return null;
	const cookies = request.headers.get('cookie') ?? '';
	if (url.search.length > longest || cookies.length > longest) return null;
	return JSON.stringify([
		url.href,
		cookies,
		negotiate(request.headers.get('accept-language')),
		chooseEncoding(request.headers.get('accept-encoding'))
	]);
}

/** What may be kept of an answer: a whole page that is the same for all, and nothing that its maker said not to keep. */
async function read(response: Response): Promise<CachedPage | null> {
	const { status, headers } = response;
	if (status !== 200 || headers.has('set-cookie') || !headers.get('content-type')?.startsWith('text/html')) return null;
	if (headers.get('cache-control')?.includes('no-store')) return null;
	const body = new Uint8Array(await response.clone().arrayBuffer());
	return { headers: [...headers], body };
}

const answer = ({ headers, body }: CachedPage) => new Response(body, { headers });

/** Answers visitors with a page of `routes` made a moment ago for another visitor, where both would get the same. */
export function cachePages(routes: CachedRoutes): Handle {
	return async ({ event, resolve }) => {
		const key = keyOf(event, routes);
		if (key === null) return resolve(event);

		const awaited = making.get(key);
		const cached = pages.get(key) ?? (awaited && (await awaited.catch(() => null)));
		if (cached) return answer(cached);

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
}
