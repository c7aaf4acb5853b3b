import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServerClient } from '@supabase/ssr';
import fc from 'fast-check';
import { sessionCookie } from '../../../src/lib/supabase/session-cookie.ts';
import { actionsOfSite, addressOf, pathOf, routesOfSite } from '../../site.ts';
import type { Action } from '../../site.ts';
import { bodyOf, boundary } from './calls.ts';
import type { Dress } from './calls.ts';
import { insideText } from './judge.ts';
import { oddText } from './odd.ts';
import { callers } from './scene.ts';
import type { Caller, CallerName, Project, Scene } from './scene.ts';
import { oddFor, Pick, sensibleFor, settle, toText } from './values.ts';

/** A form sent to the site, or a page asked of it, before what is real in it is filled in. */
export interface Post {
	caller: CallerName;
	parameters: Record<string, unknown>;
	query: [string, unknown][];
	fields: Record<string, unknown>;
	dress: Dress;
	/** as the page's script sends it, which answers with data; else as a browser without scripts, with a page */
	enhanced: boolean;
}

const root = join(import.meta.dirname, '../../..');

/** Every name that a field of the site's forms has. */
function fieldNames(): string[] {
	const names = new Set<string>();
	for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
		if (!file.endsWith('.svelte')) continue;
		for (const [, name] of readFileSync(join(root, 'src', file), 'utf8').matchAll(/\bname="(\w+)"/g)) names.add(name!);
	}
	return [...names].sort();
}

const pick = (pool: string) => fc.nat(23).map((index) => new Pick(pool, index));

/** What a route's `[id]` is the id of: the part before it says so. */
function poolOfRoute(route: string): string {
	const [, part = ''] = /([\w-]+)\/\[id\]/.exec(route) ?? [];
	return { messages: 'conversations', accounts: 'users', 'promo-codes': 'promo_codes' }[part] ?? part;
}

function parameterFor(route: string, name: string): fc.Arbitrary<unknown> {
	const known: Record<string, fc.Arbitrary<unknown>> = {
		lang: fc.constantFrom('', 'ar', 'en'),
		slug: pick('slugs'),
		serviceId: pick('services'),
		token: pick(/invitations/.test(route) ? 'invitation_tokens' : 'tokens'),
		proof: pick('tokens'),
		id: pick(poolOfRoute(route))
	};
	if (name === 'lang') return known.lang!;
	return fc.oneof(
		{ weight: 12, arbitrary: known[name] ?? pick('ids') },
		{ weight: 1, arbitrary: oddText.map((text) => text.slice(0, 100).toWellFormed()) }
	);
}

/** Days that the scene has, and those at which calendars end. */
const day = fc.oneof(pick('dates'), fc.constantFrom('0000-01-01', '2199-12-31', '9999-12-31'));

/** Values that forms take and functions do not, or by another name. */
const ofForms: Record<string, fc.Arbitrary<unknown>> = {
	at: pick('starts'),
	until: pick('starts'),
	key: fc.uuid(),
	party: fc.constantFrom('1', '2', '6'),
	email: fc.constantFrom('driss@example.com', 'nobody@example.com'),
	password: fc.constantFrom('correct horse battery', 'short'),
	name: fc.constantFrom('Driss Alami', 'نور'),
	full_name: fc.constantFrom('Driss Alami', 'نور'),
	line: fc.constant('1 rue des Essais'),
	day,
	date: day,
	from: day,
	to: day,
	id: pick('bookings'),
	provider: pick('slugs'),
	session: pick('sessions'),
	next: fc.constantFrom('/', '/ar/account', '//evil.example', 'https://evil.example/', 'javascript:alert(1)')
};

const valueOf = (name: string) => ofForms[name] ?? sensibleFor({ name, type: name.endsWith('_id') ? 'uuid' : 'text' });

/** What is said in the query of an address. */
const inQuery = [
	...['at', 'party', 'session', 'provider', 'day', 'seats', 'promo', 'next', 'q', 'city', 'category', 'date', 'near'],
	...['radius', 'price', 'rating', 'sort', 'after', 'from', 'to', 'status', 'because', 'token_hash', 'type', 'code']
];

/** Posts to one action. */
function postsTo({ route }: Action, names: string[], who: readonly CallerName[]): fc.Arbitrary<Post> {
	const parameters = [...route.matchAll(/\[(?:\.\.\.)?(\w+)(?:=\w+)?\]/g)].map(([, name]) => name!);
	const sensible = fc.record(Object.fromEntries(names.map((name) => [name, valueOf(name)])));
	const left = fc.oneof(fc.constant<string[]>([]), fc.subarray(names));
	const oddOnes = fc.array(
		fc.tuple(fc.constantFrom(...names, 'nonsense', '__proto__', ''), oddFor({ name: '', type: 'text' })),
		{ maxLength: 3 }
	);
	return fc.record({
		caller: fc.constantFrom(...who),
		parameters: fc.record(Object.fromEntries(parameters.map((name) => [name, parameterFor(route, name)]))),
		query: fc.array(
			fc.oneof(
				fc.constantFrom(...inQuery).chain((name) => fc.tuple(fc.constant(name), fc.oneof(valueOf(name), oddText)))
			),
			{ maxLength: 3 }
		),
		fields: fc.tuple(sensible, left, oddOnes).map(([fields, dropped, changed]) => ({
			...Object.fromEntries(Object.entries(fields).filter(([name]) => !dropped.includes(name))),
			...Object.fromEntries(changed)
		})),
		dress: fc.oneof(
			{ weight: 20, arbitrary: fc.constantFrom<Dress>('form', 'multipart') },
			{ weight: 3, arbitrary: fc.constantFrom<Dress>('json', 'text', 'bytes', 'nothing', 'cut', 'deep') }
		),
		// mostly: an answer as a page is the same page whatever was sent
		enhanced: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) })
	});
}

const contentTypes: Partial<Record<Dress, string>> = {
	form: 'application/x-www-form-urlencoded',
	multipart: `multipart/form-data; boundary=${boundary}`,
	json: 'application/json',
	text: 'text/plain',
	bytes: 'application/x-www-form-urlencoded'
};

/** A form or a page of the site under fuzz. */
export interface Target {
	name: string;
	kind: 'form' | 'page';
	posts: fc.Arbitrary<Post>;
	send(post: Post): Promise<{ status: number; wrong: string | null }>;
}

/** The cookies of a browser that has signed in at the site. */
async function cookiesOf({ facts }: Project, { token, refreshToken }: Caller): Promise<string> {
	const jar = new Map<string, string>();
	const client = createServerClient(facts.API_URL, facts.PUBLISHABLE_KEY, {
		cookieOptions: { name: sessionCookie },
		cookies: {
			getAll: () => [],
			setAll: (cookies) => {
				for (const { name, value } of cookies) jar.set(name, value);
			}
		}
	});
	// Another call may have ended the session: then the browser has none.
	await client.auth.setSession({ access_token: token!, refresh_token: refreshToken! });
	return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

/**
 * All form actions, pages and endpoints of a site that takes its data from the scene; no actions where no build is at
 * hand.
 */
export async function targetsOf(scene: Scene, site: string, who: readonly CallerName[] = callers): Promise<Target[]> {
	const names = fieldNames();
	const actions = (await actionsOfSite()) ?? [];
	/** by the token that they were made for */
	const cookies = new Map<string, string>();

	const send = async (
		method: 'GET' | 'POST',
		action: Action,
		post: Post
	): Promise<{ status: number; wrong: string | null }> => {
		const caller = scene.callers[post.caller];
		const { token } = caller;
		if (token && !cookies.has(token)) cookies.set(token, await cookiesOf(scene.project, caller));
		const parameters = Object.entries(post.parameters).map(([name, value]) => [name, toText(settle(scene, value))]);
		const path = pathOf(action.route, Object.fromEntries(parameters) as Record<string, string>);
		const address = addressOf(action, path);
		const query = new URLSearchParams(
			post.query.map(([name, value]) => [name, toText(settle(scene, value)).slice(0, 500).toWellFormed()])
		).toString();
		const fields = settle(scene, post.fields) as Record<string, unknown>;
		const body = method === 'POST' ? bodyOf(fields, post.dress) : null;
		const response = await fetch(`${site}${address}${query ? (address.includes('?') ? '&' : '?') + query : ''}`, {
			method,
			redirect: 'manual',
			headers: {
				origin: site,
				...(body === null ? {} : { 'content-type': contentTypes[post.dress] ?? 'application/x-www-form-urlencoded' }),
				accept: post.enhanced ? 'application/json' : 'text/html',
				...(post.enhanced && body !== null ? { 'x-sveltekit-action': 'true' } : {}),
				...(token ? { cookie: cookies.get(token)! } : {})
			},
			body,
			signal: AbortSignal.timeout(60_000)
		});
		const text = await response.text();
		const shown = body === null ? Object.fromEntries(new URLSearchParams(query)) : fields;
		return { status: response.status, wrong: judgePage(response, text, site, shown, String(body) + query + path) };
	};

	const pages = routesOfSite().map(({ id }): Action => ({ route: id, name: null }));
	const target = (kind: Target['kind'], method: 'GET' | 'POST', name: string, action: Action): Target => ({
		name,
		kind,
		posts: postsTo(action, names, who),
		send: (post) => send(method, action, post)
	});
	return [
		...actions.map((action) =>
			target('form', 'POST', `${action.route}${action.name === null ? '' : `?/${action.name}`}`, action)
		),
		...pages.map((page) => target('page', 'GET', `GET ${page.route}`, page))
	];
}

/** What is wrong with an answer of the site, in words; null for one that may be given. */
function judgePage(
	response: Response,
	text: string,
	site: string,
	fields: Record<string, unknown>,
	sent: string
): string | null {
	const { status, headers } = response;
	if (status >= 500) return `it answered ${status}: ${text.replace(/\s+/g, ' ').slice(0, 200)}`;
	const told = insideText(text, sent);
	if (told) return `it tells of its inside: "${told}" (${status})`;
	const location = headers.get('location');
	if (location !== null && new URL(location, site).origin !== site && !/\/c\/pay\/|checkout/.test(location))
		return `it leads away to ${location}`;
	if (!headers.get('content-type')?.startsWith('text/html')) return null;
	for (const [name, value] of Object.entries(fields)) {
		if (typeof value === 'string' && /<[a-z/]/i.test(value) && value.length > 4 && text.includes(value.trim()))
			return `the field ${name} comes back as markup: ${value.slice(0, 80)}`;
	}
	return null;
}
