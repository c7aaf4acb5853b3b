import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { temporaryPlatform } from '../testing/platform.ts';
import type { Platform } from '../platform.ts';
import { createRealtime } from './index.ts';
import { defaultLimits } from './limits.ts';
import type { Limits } from './limits.ts';

let platform: Platform;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
	platform = await temporaryPlatform();
}, 60_000);
afterEach(async () => {
	for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => platform.close(), 30_000);

/** A second service on the same database, with limits of its own. */
async function serviceWith(limits: Partial<Limits>): Promise<string> {
	const realtime = await createRealtime(platform.context, { ...defaultLimits, ...limits });
	stops.push(() => realtime.close());
	const server: Server = createServer((_request, response) => response.end());
	server.on('upgrade', realtime.upgrade);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	stops.push(async () => void server.close());
	return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/websocket?vsn=2.0.0&apikey=${platform.context.keys.publishable}`;
}

interface Client {
	frames: [
		string | null,
		string | null,
		string,
		string,
		{ status?: string; message?: string; response?: { reason?: string } }
	][];
	socket: WebSocket;
	say(topic: string, event: string, payload?: unknown): void;
}

function open(url: string): Promise<Client> {
	const socket = new WebSocket(url);
	const frames: Client['frames'] = [];
	let ref = 0;
	socket.on('message', (data) => frames.push(JSON.parse(String(data))));
	const say = (topic: string, event: string, payload: unknown = {}) => {
		ref++;
		socket.send(JSON.stringify(['1', String(ref), topic, event, payload]));
	};
	return new Promise((resolve, reject) => {
		socket.once('open', () => resolve({ frames, socket, say }));
		socket.once('error', reject);
	});
}

describe('a limit', () => {
	test('of sockets refuses the next connection', async () => {
		const url = await serviceWith({ sockets: 1 });
		await open(url);
		await expect(open(url)).rejects.toThrow('429');
	});

	test('of joins refuses the next one and ends the connection', async () => {
		const { frames, socket, say } = await open(await serviceWith({ joinsPerSecond: 3 }));
		for (let n = 0; n < 8; n++) say(`realtime:${n}`, 'phx_join');
		await new Promise((resolve) => socket.once('close', resolve));
		const reasons = frames.map(([, , , , { response }]) => response?.reason).filter(Boolean);
		expect(reasons[0]).toBe('ClientJoinRateLimitReached: Too many joins per second');
	});

	test('of messages ends the channel', async () => {
		const { frames, say } = await open(await serviceWith({ messagesPerSecond: 0.1 }));
		say('realtime:t', 'phx_join');
		for (let n = 0; n < 10; n++) say('realtime:t', 'broadcast', { type: 'broadcast', event: 'e', payload: {} });
		await expect.poll(() => frames.map(([, , , event]) => event)).toContain('phx_close');
		const told = frames.find(([, , , event]) => event === 'system')!;
		expect(told[4]).toMatchObject({ status: 'error', message: 'Too many messages per second' });
	});

	test('of silence closes the connection', async () => {
		const { socket } = await open(await serviceWith({ silence: 200 }));
		await new Promise((resolve) => socket.once('close', resolve));
	});

	test('of patience answers a refused join late', async () => {
		const { frames, say } = await open(await serviceWith({ joinErrorDelay: 400 }));
		const begun = Date.now();
		say('realtime:', 'phx_join');
		await expect.poll(() => frames.length).toBe(1);
		expect(Date.now() - begun).toBeGreaterThanOrEqual(390);
	});
});

test('a service that ends ends its connections', async () => {
	const { socket } = await open(await serviceWith({}));
	const closed = new Promise((resolve) => socket.once('close', resolve));
	for (const stop of stops.splice(0).reverse()) await stop();
	await closed;
});

test('Postgres Changes are answered as for a table that no publication names', async () => {
	const { frames, say } = await open(await serviceWith({}));
	say('realtime:t', 'phx_join', { config: { postgres_changes: [{ event: '*', schema: 'public', table: 'things' }] } });
	await expect.poll(() => frames.length).toBe(2);
	expect(frames[0]![4].response).toEqual({
		postgres_changes: [{ event: '*', schema: 'public', table: 'things', id: expect.any(Number) }]
	});
	expect(frames[1]![4].message).toContain('Unable to subscribe to changes with given parameters');
});
