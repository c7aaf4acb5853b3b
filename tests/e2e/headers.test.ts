import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { expect, test } from '@playwright/test';
import postgres from 'postgres';
import { makeScene } from '../load/fuzz/scene.ts';
import { actionsOfSite, addressOf, pathOf, routesOfSite } from '../site.ts';
import type { Action } from '../site.ts';
import { password } from './people.ts';

const site = process.env.SITE_URL!;
const customer = 'amina@example.com';

/** Values that lead somewhere, for the parameters of routes. */
const parameters: Record<string, string> = { slug: 'plomberie-atlas', token: 'not-a-token' };
let cookies = '';

const cookiesOf = (answer: Response) => answer.headers.getSetCookie();
const cookieHeader = (set: string[]) => set.map((cookie) => cookie.split(';')[0]).join('; ');

/** One request as a browser's, which follows nothing by itself, on a connection of its own: the site closes those whose form it did not read. */
function ask(path: string, headers: Record<string, string> = {}, form: string | null = null): Promise<Response> {
	return new Promise((done, refuse) => {
		const options = {
			method: form === null ? 'GET' : 'POST',
			agent: false,
			headers: { accept: 'text/html', ...headers }
		};
		const request = (site.startsWith('https:') ? https : http).request(site + path, options, async (answer) => {
			const parts: Buffer[] = [];
			for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
			const given = new Headers();
			for (const [name, values] of Object.entries(answer.headersDistinct))
				for (const value of values ?? []) given.append(name, value);
			const status = answer.statusCode!;
			done(new Response([204, 304].includes(status) ? null : Buffer.concat(parts), { status, headers: given }));
		});
		request.once('error', refuse);
		request.end(form ?? undefined);
	});
}

const signIn = (headers: Record<string, string> = {}, origin = site, who = { email: customer, password }) =>
	ask(
		'/sign-in',
		{ origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
		new URLSearchParams(who).toString()
	);

test.beforeAll(async () => {
	const answer = await signIn();
	cookies = cookieHeader(cookiesOf(answer));
	expect(cookies).toContain('khadamat-auth');
	const page = await (await ask('/search')).text();
	parameters.slug = /\/providers\/([\w-]+)/.exec(page)?.[1] ?? parameters.slug!;
	const provider = await (await ask(`/providers/${parameters.slug}`)).text();
	parameters.serviceId = /\/book\/([0-9a-f-]{36})/.exec(provider)?.[1] ?? randomUUID();
	const mine = await (await ask('/bookings', { cookie: cookies })).text();
	parameters.id = /\/bookings\/([0-9a-f-]{36})/.exec(mine)?.[1] ?? randomUUID();
});

const pathsOf = (id: string) => ['', 'ar', 'en'].map((lang) => pathOf(id, { ...parameters, lang }));

/** The directives of a policy by name. */
const directivesOf = (policy: string) =>
	new Map(
		policy.split(';').map((directive): [string, string[]] => {
			const [name = '', ...sources] = directive.trim().split(/\s+/);
			return [name, sources];
		})
	);

for (const route of routesOfSite()) {
	test(`${route.id} carries the headers that keep a browser safe`, async () => {
		for (const path of new Set(pathsOf(route.id))) {
			for (const cookie of ['', cookies]) {
				const answer = await ask(path, cookie ? { cookie } : {});
				const about = `${path} ${cookie ? 'signed in' : 'as a visitor'} (${answer.status})`;
				const header = (name: string) => answer.headers.get(name);
				expect(answer.status, about).toBeLessThan(500);
				expect(header('x-content-type-options'), about).toBe('nosniff');
				expect(header('x-frame-options'), about).toBe('DENY');
				expect(header('referrer-policy'), about).toMatch(/^(strict-origin-when-cross-origin|same-origin)$/);
				expect(header('permissions-policy'), about).toMatch(/camera=\(\).*microphone=\(\)/);
				expect(header('cross-origin-opener-policy'), about).toBe('same-origin');
				// Over plain http it means nothing.
				expect(header('strict-transport-security'), about).toBeNull();
				if (cookie) expect(header('cache-control'), about).toMatch(/\bno-store\b/);

				if (!header('content-type')?.startsWith('text/html')) continue;
				const policy = directivesOf(header('content-security-policy') ?? '');
				const scripts = policy.get('script-src') ?? policy.get('default-src') ?? ['anything'];
				// What may run is the site's own, and what each page names by its hash; on a bare page of an error nothing.
				for (const source of scripts) expect(source, about).toMatch(/^('self'|'none'|'sha256-[\w+/=]+')$/);
				expect(policy.get('default-src')?.length, about).toBe(1);
				expect(policy.get('default-src')![0], about).toMatch(/^'(self|none)'$/);
				expect(policy.get('object-src'), about).toEqual(["'none'"]);
				expect(policy.get('base-uri'), about).toEqual(["'none'"]);
				expect(policy.get('frame-ancestors'), about).toEqual(["'none'"]);
				// Payment pages are over https, but for the one that stands in for them on the same machine.
				for (const source of policy.get('form-action') ?? ['none at all'])
					expect(source, about).toMatch(/^('self'|'none'|https:|http:\/\/127\.0\.0\.1:\*)$/);
				expect(policy.has('script-src-attr') || policy.has('script-src-elem'), about).toBe(false);
				const body = await answer.text();
				expect(body, about).not.toMatch(/<[^>]+\son\w+\s*=\s*["']/i);
			}
		}
	});
}

test('over https the browser is told to stay there, and cookies travel only so', async () => {
	const over = { 'x-forwarded-proto': 'https' };
	const page = await ask('/', over);
	expect(page.headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
	const answer = await signIn(over, site.replace('http:', 'https:'));
	expect(answer.headers.get('strict-transport-security')).not.toBeNull();
	const set = [...cookiesOf(answer), ...cookiesOf(await ask('/?set-language=ar&set-theme=dark', over))];
	expect(set.length).toBeGreaterThan(1);
	for (const cookie of set) expect(cookie).toMatch(/;\s*Secure/i);
});

test('no script reads the session’s cookie, and no other site’s form sends it', async () => {
	const set = cookiesOf(await signIn()).filter((cookie) => cookie.startsWith('khadamat-auth'));
	expect(set.length).toBeGreaterThan(0);
	for (const cookie of set) {
		expect(cookie).toMatch(/;\s*HttpOnly/i);
		expect(cookie).toMatch(/;\s*SameSite=Lax/i);
		expect(cookie).toMatch(/;\s*Path=\/(;|$)/i);
		expect(cookie).not.toMatch(/;\s*Domain=/i);
	}
	const token = (await (await ask('/auth/token', { cookie: cookies })).json()) as Record<string, unknown>;
	expect(Object.keys(token).sort()).toEqual(['access_token', 'expires_at']);
});

test('a page whose address is its key tells no other site of it and is kept nowhere', async () => {
	const secret = ['/b/not-a-token', '/b/not-a-token/reschedule', '/confirm-booking/none', '/invitations/not-a-token'];
	for (const path of secret) {
		const { headers } = await ask(path);
		expect(headers.get('referrer-policy')).toBe('same-origin');
		expect(headers.get('cache-control')).toContain('no-store');
	}
});

/** Bodies of each content type that a form of another site can send, and one that it cannot. */
const bodies: [string, string][] = [
	['application/x-www-form-urlencoded', 'email=a%40example.com&next=%2F'],
	['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="next"\r\n\r\n/\r\n--x--\r\n'],
	['text/plain', 'next=/'],
	['application/json', '{"next":"/"}']
];

test('no form action and no endpoint takes a POST of another origin, or of none', async () => {
	const found = await actionsOfSite();
	test.skip(found === null, 'the site was not built here');
	const actions: Action[] = found ?? [];
	expect(actions.length).toBeGreaterThan(20);
	for (const action of actions) {
		const path = addressOf(action, pathOf(action.route, parameters));
		const refused = async (headers: Record<string, string>, [type, body]: [string, string]) => {
			const answer = await ask(path, { cookie: cookies, 'content-type': type, ...headers }, body);
			expect(answer.status, `${path} ${type} ${JSON.stringify(headers)}`).toBe(403);
			expect(cookiesOf(answer)).toEqual([]);
		};
		for (const body of bodies) {
			await refused({ origin: 'https://evil.example' }, body);
			await refused({ origin: site, 'sec-fetch-site': 'cross-site' }, body);
		}
		// Of every kind of body the same is asked: one serves for the other origins.
		for (const origin of ['null', `${site}0`, site.replace('http:', 'https:')]) await refused({ origin }, bodies[0]!);
		await refused({}, bodies[1]!);
	}
	// Still signed in: signing out was among them.
	expect((await ask('/account', { cookie: cookies })).status).toBe(200);
});

test('looking at any page of the site changes nothing of one’s own', async () => {
	const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY, SUPABASE_DB_URL } = process.env;
	const facts = {
		API_URL: SUPABASE_URL!,
		PUBLISHABLE_KEY: SUPABASE_PUBLISHABLE_KEY!,
		SECRET_KEY: SUPABASE_SECRET_KEY!
	};
	const sql = postgres(SUPABASE_DB_URL!, { max: 1, onnotice: () => {} });
	const scene = await makeScene({ facts, sql });
	const { id, email } = scene.callers.customer;
	const ownRows = async () => {
		const tables = await sql<{ name: string; columns: string[] }[]>`
			select c.relname as name, array_agg(a.attname::text) as columns
			from pg_class c join pg_attribute a on a.attrelid = c.oid
			where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
				and (a.attname in ('user_id', 'customer_id', 'sender_id') or (c.relname = 'profiles' and a.attname = 'id'))
			group by c.relname order by c.relname`;
		const found: string[] = [];
		for (const { name, columns } of tables) {
			const rows = await sql<
				{ row: string }[]
			>`select t::text as row from ${sql(name)} t where ${sql(columns[0]!)} = ${id}`;
			found.push(...rows.map(({ row }) => `${name} ${row}`));
		}
		return found.sort();
	};
	const cookie = cookieHeader(cookiesOf(await signIn({}, site, { email, password: scene.password })));
	const before = await ownRows();
	const known: Record<string, string[]> = {
		id: ['bookings', 'conversations'],
		token: ['tokens'],
		serviceId: ['services']
	};
	for (const { id: route } of routesOfSite()) {
		for (const pool of known[/\[(id|token|serviceId)\]/.exec(route)?.[1] ?? ''] ?? ['']) {
			const [value = ''] = (scene.pools.get(pool) ?? []) as string[];
			const filled = { ...parameters, id: value, token: value, ...(pool === 'services' ? { serviceId: value } : {}) };
			expect((await ask(pathOf(route, filled), { cookie })).status, route).toBeLessThan(500);
		}
	}
	expect(await ownRows()).toEqual(before);
	await sql.end();
});

test('an address that nobody could write is answered in words, and the site goes on', async () => {
	const unreadable = ['/%', '/fr/%', '/en/%ff', '/ar/%E0%A4%A', '/fr/%?set-theme=dark', '/fr/%/__data.json', '/_app/%'];
	for (const path of unreadable) {
		const answer = await ask(path);
		expect([path, answer.status]).toEqual([path, 400]);
		expect((await answer.text()).length).toBeGreaterThan(10);
	}
	for (const path of ['/fr//x', '//x', '//elsewhere.example/x?set-theme=dark', '/ar//']) {
		const answer = await ask(path);
		const location = answer.headers.get('location');
		expect([path, answer.status, location]).toEqual([path, 308, site + path.replaceAll(/\/{2,}/g, '/')]);
	}
	for (const path of ['/%2f', '/fr%2f%2fx', '/en/%5cx', '/%2e%2e%2fx', `/${'x'.repeat(4000)}`]) {
		const answer = await ask(path);
		expect([path, answer.status]).toEqual([path, 404]);
		expect(await answer.text()).not.toMatch(/node:|file:\/\//);
	}
	expect((await ask('/search')).status).toBe(200);
});

test('a page that was kept is a whole page, whatever was asked for beside it', async () => {
	const path = `/search?q=${randomUUID()}`;
	const data = await ask(`/search/__data.json${path.slice(7)}&x-sveltekit-invalidated=000`);
	expect(data.headers.get('content-type')).toContain('json');
	const page = await ask(path);
	expect(page.headers.get('content-type')).toContain('text/html');
	expect(await page.text()).toContain('</html>');
	const whole = await ask(`/search/__data.json${path.slice(7)}&x-sveltekit-invalidated=111`);
	expect((await whole.text()).length).toBeGreaterThan((await data.text()).length);
});
