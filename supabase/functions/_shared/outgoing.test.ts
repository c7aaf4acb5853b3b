import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchOutgoing, isAllowedUrl, isPublicAddress } from './outgoing.ts';
import type { OutgoingOptions } from './outgoing.ts';

describe('an IP address', () => {
	test.each(['93.184.215.14', '1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '2a00:1450:4007::200e'])(
		'%s is public',
		(address) => expect(isPublicAddress(address)).toBe(true)
	);
	test.each([
		...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
		...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.168.1.1', '198.18.0.1'],
		...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
		...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe', '64:ff9b::10.0.0.1'],
		...[
			'64:ff9b:1::a00:1',
			'fc00::1',
			'fd00:ec2::254',
			'fe80::1',
			'fec0::1',
			'ff02::1',
			'100::1',
			'2001::1',
			'2001:db8::1'
		],
		...['2002:a00:1::', '', 'localhost', '0x7f.1', '1.2.3.4.5']
	])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('an address that somebody gave', () => {
	test.each(['https://example.com', 'https://example.com:443/hook?x=1', 'https://1.1.1.1/', 'https://[2606:4700::1]/'])(
		'%s may be asked',
		(address) => expect(isAllowedUrl(new URL(address))).toBe(true)
	);
	test.each([
		...['http://example.com', 'ftp://example.com', 'file:///etc/passwd', 'data:text/plain,x', 'javascript:1'],
		...['https://example.com:8443', 'https://example.com:22', 'https://example.com:80', 'https://user@example.com'],
		...[
			'https://user:word@example.com',
			'https://localhost',
			'https://LOCALHOST.',
			'https://x.localhost',
			'https://db'
		],
		...['https://metadata.google.internal', 'https://printer.local', 'https://router.lan', 'https://box.home.arpa'],
		...[
			'https://127.0.0.1',
			'https://2130706433',
			'https://0x7f000001',
			'https://0177.0.0.1',
			'https://127.1',
			'https://0'
		],
		...['https://①②⑦.0.0.1', 'https://169.254.169.254/latest/meta-data', 'https://10.1', 'https://0xa9fea9fe'],
		...[
			'https://[::1]',
			'https://[::ffff:127.0.0.1]',
			'https://[::ffff:7f00:1]',
			'https://[fd00::1]',
			'https://[fe80::1]'
		],
		...['https://[64:ff9b::7f00:1]', 'https://[::]', 'https://[::7f00:1]']
	])('%s may not', (address) => expect(isAllowedUrl(new URL(address))).toBe(false));

	test('a trial origin may be private and without TLS, at its own port alone, and never with credentials', () => {
		const trial = ['http://127.0.0.1:4000'];
		expect(isAllowedUrl(new URL('http://127.0.0.1:4000/hook'), trial)).toBe(true);
		expect(isAllowedUrl(new URL('http://127.0.0.1:4001/hook'), trial)).toBe(false);
		expect(isAllowedUrl(new URL('http://localhost:4000/hook'), trial)).toBe(false);
		expect(isAllowedUrl(new URL('http://a@127.0.0.1:4000/hook'), trial)).toBe(false);
	});
});

describe('fetching', () => {
	let server: Server;
	let origin: string;
	const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];

	const answers: Record<string, (response: ServerResponse, url: URL) => void> = {
		'/plain': (response) => response.end('hello'),
		'/large': (response) => response.end('x'.repeat(5000)),
		'/endless': (response) => void setInterval(() => response.destroyed || response.write('x'), 5).unref(),
		'/silent': () => {},
		'/nothing': (response) => response.writeHead(204).end(),
		'/to': (response, url) =>
			response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: url.searchParams.get('to')! }).end()
	};

	beforeAll(async () => {
		server = createServer((request, response) => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			request.on('end', () => {
				const url = new URL(request.url!, origin);
				seen.push({
					method: request.method!,
					url: request.url!,
					headers: request.headers,
					body: String(Buffer.concat(parts))
				});
				answers[url.pathname]!(response, url);
			});
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});

	const go = (path: string, options: OutgoingOptions = {}) =>
		fetchOutgoing(origin + path, { trialOrigins: [origin], timeout: 2000, ...options });
	const to = (address: string, status = 302) => `/to?status=${status}&to=${encodeURIComponent(address)}`;
	const refused = (problem: string) => expect.objectContaining({ problem });

	test('gives the answer whole, and sends what it was given', async () => {
		const answer = await go('/plain', { method: 'POST', headers: { 'x-signature': 's' }, body: 'é' });
		expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
		expect(seen.at(-1)).toMatchObject({
			method: 'POST',
			body: 'é',
			headers: { 'x-signature': 's', 'accept-encoding': 'identity' }
		});
		expect((await go('/nothing')).status).toBe(204);
	});

	test.each(['127.0.0.1', '10.0.0.8', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1'])(
		'does not ask a public name that leads to %s, even as one of several',
		async (address) => {
			const asked = seen.length;
			const resolveName = () =>
				Promise.resolve([
					{ address: '93.184.215.14', family: 4 },
					{ address, family: 4 }
				]);
			await expect(fetchOutgoing('https://rebinding.example', { resolveName })).rejects.toEqual(
				refused('address_refused')
			);
			expect(seen.length).toBe(asked);
		}
	);

	test('looks a name up once: what it would be told a second time, which is private, is never asked', async () => {
		let lookups = 0;
		const asked = seen.length;
		// public by its number, and nobody's
		const resolveName = () =>
			Promise.resolve([lookups++ === 0 ? { address: '2a00:ffff::1', family: 6 } : { address: '127.0.0.1', family: 4 }]);
		const attempt = fetchOutgoing('https://rebinding.example', { resolveName, timeout: 500 });
		await expect(attempt).rejects.toEqual(
			expect.objectContaining({ problem: expect.stringMatching(/unreachable|timed_out/) as string })
		);
		expect([lookups, seen.length]).toEqual([1, asked]);
	});

	test('tells a name that does not resolve from an address that is refused', async () => {
		const resolveName = () => Promise.reject(new Error('ENOTFOUND'));
		await expect(fetchOutgoing('https://nobody.example', { resolveName })).rejects.toEqual(refused('unresolvable'));
		await expect(fetchOutgoing('not an address')).rejects.toEqual(refused('address_refused'));
		await expect(fetchOutgoing('http://127.0.0.1/')).rejects.toEqual(refused('address_refused'));
	});

	test.each([
		'http://127.0.0.1:1/',
		'https://127.0.0.1/',
		'https://169.254.169.254/',
		'http://localhost/',
		'file:///etc/passwd'
	])('follows no redirect to %s', async (address) => {
		await expect(go(to(address))).rejects.toEqual(refused('address_refused'));
	});

	test('follows a few redirects, as many as are allowed', async () => {
		expect(await (await go(to(to('/plain')))).text()).toBe('hello');
		await expect(go(to(to(to('/plain'))), { maxRedirects: 2 })).rejects.toEqual(refused('too_many_redirects'));
		expect((await go(to('/plain'), { maxRedirects: 0 })).status).toBe(302);
	});

	test('a POST becomes a GET where fetch makes it one, and stays one where not', async () => {
		await go(to('/plain', 303), { method: 'POST', headers: { 'x-signature': 's' }, body: 'secret' });
		expect(seen.at(-1)).toMatchObject({ method: 'GET', body: '' });
		expect(seen.at(-1)!.headers).not.toHaveProperty('x-signature');
		await go(to('/plain', 308), { method: 'POST', body: 'again' });
		expect(seen.at(-1)).toMatchObject({ method: 'POST', body: 'again' });
	});

	test('sends a body and its headers to no other origin', async () => {
		const elsewhere = origin.replace('127.0.0.1', 'localhost');
		const asked = seen.length;
		const options: OutgoingOptions = { trialOrigins: [origin, elsewhere], headers: { authorization: 'secret' } };
		await expect(go(to(`${elsewhere}/plain`, 307), { ...options, method: 'POST', body: 'x' })).rejects.toEqual(
			refused('address_refused')
		);
		expect(seen.length).toBe(asked + 1);
		await go(to(`${elsewhere}/plain`), options);
		expect(seen.at(-1)!.headers).not.toHaveProperty('authorization');
	});

	test('reads no more than it may, and waits no longer', async () => {
		await expect(go('/large', { maxBytes: 4999 })).rejects.toEqual(refused('too_large'));
		expect((await (await go('/large', { maxBytes: 5000 })).text()).length).toBe(5000);
		await expect(go('/endless', { maxBytes: 100 })).rejects.toEqual(refused('too_large'));
		await expect(go('/endless', { timeout: 200 })).rejects.toEqual(refused('timed_out'));
		await expect(go('/silent', { timeout: 200 })).rejects.toEqual(refused('timed_out'));
		const resolveName = () => new Promise<never>(() => {});
		await expect(fetchOutgoing('https://slow.example', { resolveName, timeout: 200 })).rejects.toEqual(
			refused('timed_out')
		);
	});

	test('nobody at home is told as unreachable', async () => {
		const closed = ['http://127.0.0.1:9'];
		await expect(fetchOutgoing('http://127.0.0.1:9/', { trialOrigins: closed })).rejects.toEqual(
			refused('unreachable')
		);
	});
});
