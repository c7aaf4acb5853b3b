import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { temporaryPlatform } from '../testing/platform.ts';
import type { Platform } from '../platform.ts';

let platform: Platform;
let sql: postgres.Sql;
const person = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
	platform = await temporaryPlatform();
	sql = postgres(platform.context.databaseUrl('postgres'), { max: 1, onnotice: () => {}, backoff: () => 0.1 });
	await sql.unsafe(`
		create policy everybody_hears on realtime.messages for select to authenticated
		using ((select realtime.topic()) like 'open:%' and extension = 'broadcast')`);
}, 60_000);
afterAll(async () => {
	await sql.end({ timeout: 1 });
	await platform.close();
}, 30_000);

interface Frame {
	event: string;
	payload: { status?: string; response?: { reason?: string }; event?: string; message?: string };
}

/** Opens a socket, joins a private topic, and keeps what comes. */
async function listen(topic: string, token: string): Promise<{ frames: Frame[]; heard: string[]; socket: WebSocket }> {
	const { apiUrl, keys } = platform.context;
	const socket = new WebSocket(
		`${apiUrl.replace('http', 'ws')}/realtime/v1/websocket?vsn=1.0.0&apikey=${keys.publishable}`
	);
	const frames: Frame[] = [];
	const heard: string[] = [];
	socket.on('message', (data) => {
		const frame = JSON.parse(String(data)) as Frame;
		frames.push(frame);
		if (frame.event === 'broadcast') heard.push(frame.payload.event!);
	});
	await new Promise((resolve) => socket.once('open', resolve));
	const payload = { config: { private: true }, access_token: token };
	socket.send(JSON.stringify({ topic: `realtime:${topic}`, event: 'phx_join', payload, ref: '1' }));
	await expect.poll(() => frames[0]?.payload.status).toBeDefined();
	return { frames, heard, socket };
}

const tokenFor = (seconds: number) => platform.context.keys.sign({ sub: person, role: 'authenticated' }, seconds);

describe('when the database is killed', () => {
	test('channels stay open and carry what is sent after it is back', async () => {
		const { heard, socket } = await listen('open:outage', await tokenFor(600));
		await sql`select realtime.send('{}', 'before', 'open:outage', true)`;
		await expect.poll(() => heard).toEqual(['before']);

		process.kill(platform.database.pid()!, 'SIGKILL');
		let number = 0;
		await expect
			.poll(
				async () => {
					await sql`select realtime.send('{}', ${`after ${number++}`}, 'open:outage', true)`.catch(() => {});
					return heard.length;
				},
				{ timeout: 20_000, interval: 200 }
			)
			.toBeGreaterThan(1);

		// Some of those before may still be on their way: only these are counted.
		const steady = Array.from({ length: 20 }, (_, n) => `steady ${n}`);
		for (const event of steady) await sql`select realtime.send('{}', ${event}, 'open:outage', true)`;
		await expect.poll(() => heard.filter((event) => event.startsWith('steady'))).toEqual(steady);
		expect(socket.readyState).toBe(WebSocket.OPEN);
		socket.terminate();
	}, 40_000);

	test('new channels are judged by the policies as before', async () => {
		const allowed = await listen('open:again', await tokenFor(600));
		expect(allowed.frames[0]!.payload.status).toBe('ok');
		const refused = await listen('closed:again', await tokenFor(600));
		expect(refused.frames[0]!.payload.response?.reason).toContain('Unauthorized');
		for (const { socket } of [allowed, refused]) socket.terminate();
	}, 20_000);
});

describe('an access token', () => {
	test('that has expired opens no channel', async () => {
		const { frames, socket } = await listen('open:late', await tokenFor(-10));
		expect(frames[0]!.payload.response?.reason).toMatch(/^InvalidJWTToken: Token has expired \d+ seconds ago$/);
		socket.terminate();
	});

	test('that expires ends its channel, which carries nothing more', async () => {
		const { frames, heard, socket } = await listen('open:short', await tokenFor(2));
		await expect.poll(() => frames.at(-1)?.event, { timeout: 5000 }).toBe('phx_close');
		expect(frames.at(-2)).toMatchObject({ event: 'system', payload: { status: 'error' } });
		expect(frames.at(-2)!.payload.message).toMatch(/^Token has expired \d+ seconds ago$/);
		await sql`select realtime.send('{}', 'late', 'open:short', true)`;
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(heard).toEqual([]);
		socket.terminate();
	}, 10_000);

	test('needs a role and an end', async () => {
		const token = await platform.context.keys.sign({ sub: person }, 600);
		const { frames, socket } = await listen('open:nobody', token);
		expect(frames[0]!.payload.response?.reason).toBe('InvalidJWTToken: Fields `role` and `exp` are required in JWT');
		socket.terminate();
	});

	test('of a role that the database does not have reads nothing', async () => {
		const token = await platform.context.keys.sign({ sub: person, role: 'made_up' }, 600);
		const { frames, socket } = await listen('open:made-up', token);
		expect(frames[0]!.payload.response?.reason).toContain('Unauthorized');
		socket.terminate();
	});
});
