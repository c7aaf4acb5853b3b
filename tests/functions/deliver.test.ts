import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFunctions, createMail, defaultPorts, freePorts, loadKeys } from 'supabase-embedded';
import type { Context, Keys } from 'supabase-embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configFor, root } from '../../scripts/settings.ts';

// The worker as it is deployed, in Deno, between a REST interface that has work for it and the mail catcher.
let folder: string;
let keys: Keys;
let rest: Server;
let mail: { close(): Promise<void> };
let functions: Awaited<ReturnType<typeof createFunctions>>;
let mailPort: number;
const finished: unknown[] = [];
const due = [
	{
		id: '0199a3c0-0000-7000-8000-000000000001',
		channel: 'email',
		recipient: 'amina@example.com',
		language: 'ar',
		subject: 'تم تأكيد حجزك',
		body_html: '<p dir="rtl">مرحبا</p>',
		body_text: 'مرحبا',
		attempts: 1
	},
	{
		id: '0199a3c0-0000-7000-8000-000000000002',
		channel: 'sms',
		recipient: '+212600000000',
		language: 'fr',
		subject: '',
		body_html: '',
		body_text: 'Bonjour',
		attempts: 1
	}
];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'deliver-'));
	keys = await loadKeys(folder);
	rest = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			const allowed = request.headers.apikey === keys.secret;
			if (request.url === '/rest/v1/rpc/finish_delivery') finished.push(JSON.parse(body));
			response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' });
			response.end(JSON.stringify(request.url === '/rest/v1/rpc/claim_deliveries' ? due.splice(0) : null));
		});
	});
	await new Promise<void>((resolve) => rest.listen(0, '127.0.0.1', resolve));
	const [smtp, http] = (await freePorts(2)) as [number, number];
	mailPort = http;
	const context: Context = {
		settings: {
			project: root,
			brand: 'Khadamat',
			folder,
			ports: { ...defaultPorts, smtp, mail: mailPort },
			config: configFor(3000),
			durable: false
		},
		keys,
		apiUrl: `http://127.0.0.1:${(rest.address() as AddressInfo).port}`,
		databaseUrl: () => '',
		folder: (name) => {
			mkdirSync(join(folder, name), { recursive: true });
			return join(folder, name);
		},
		log: () => {}
	};
	mail = await createMail(context);
	functions = await createFunctions(context);
});
afterAll(async () => {
	await functions.close();
	await mail.close();
	rest.close();
	rmSync(folder, { recursive: true, force: true });
});

const invoke = async (headers: Record<string, string>) =>
	functions.app.request('http://localhost/functions/v1/deliver', { method: 'POST', headers });

test('the worker is closed without the secret key, also to people', async () => {
	expect((await invoke({})).status).toBe(401);
	expect((await invoke({ apikey: keys.publishable })).status).toBe(401);
	const token = await keys.sign(
		{ role: 'authenticated', sub: '0199a3c0-0000-7000-8000-00000000000a', aud: 'authenticated' },
		60
	);
	expect((await invoke({ apikey: keys.publishable, authorization: `Bearer ${token}` })).status).toBe(403);
	expect(finished).toEqual([]);
}, 20_000);

test('mail that is due arrives, and what cannot be sent is reported', async () => {
	const answer = await invoke({ apikey: keys.secret });
	expect([answer.status, await answer.json()]).toEqual([200, { claimed: 2, succeeded: 1, failed: 1 }]);
	expect(finished).toContainEqual({
		delivery_id: '0199a3c0-0000-7000-8000-000000000001',
		ok: true,
		provider_id: '<0199a3c0-0000-7000-8000-000000000001@khadamat.example>',
		error: null
	});
	expect(finished).toContainEqual({
		delivery_id: '0199a3c0-0000-7000-8000-000000000002',
		ok: false,
		provider_id: null,
		error: 'not_configured'
	});

	const arrived = (await (await fetch(`http://127.0.0.1:${mailPort}/api/v1/message/latest`)).json()) as {
		Subject: string;
		HTML: string;
		Headers: Record<string, string[]>;
	};
	expect(arrived.Subject).toBe('تم تأكيد حجزك');
	expect(arrived.HTML).toContain('مرحبا');
	expect(arrived.Headers['Content-Language']).toEqual(['ar']);
}, 20_000);
