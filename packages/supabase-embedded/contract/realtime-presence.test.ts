import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { account, database, visitor } from '../testing/project.ts';
import { joined, quiet, RawSocket, rightsTable, until } from './realtime-kit.ts';
import type { Rights } from './realtime-kit.ts';

const sql = database();
let rights: Rights;
let amina: Awaited<ReturnType<typeof account>>;
const clients: SupabaseClient[] = [];
const sockets: RawSocket[] = [];

beforeAll(async () => {
	rights = await rightsTable(sql, 'presence');
	amina = await account('amina');
	await amina.client.realtime.setAuth();
});
afterEach(async () => {
	for (const client of [...clients.splice(0), amina.client]) await client.removeAllChannels();
	for (const socket of sockets.splice(0)) socket.close();
});
afterAll(async () => {
	await rights.remove();
	await sql.end();
});

let count = 0;
const newTopic = () => `contract:present:${Date.now()}${count++}`;
function present(topic: string, key: string): RealtimeChannel {
	const client = visitor();
	clients.push(client);
	const channel = client.channel(topic, { config: { presence: { key, enabled: true } } });
	channel.on('presence', { event: 'sync' }, () => {});
	return channel;
}
async function raw(): Promise<RawSocket> {
	const socket = await RawSocket.open();
	sockets.push(socket);
	return socket;
}
const track = (payload: unknown) => ({ type: 'presence', event: 'track', payload });

describe('presence', () => {
	test('shows who is there to one who comes later', async () => {
		const topic = newTopic();
		const first = await joined(present(topic, 'amina'));
		expect(await first.track({ mood: 'calm' })).toBe('ok');
		const second = await joined(present(topic, 'brahim'));
		await until(() => expect(second.presenceState()).toMatchObject({ amina: [{ mood: 'calm' }] }));
	});

	test('tells those who are there of joins and leaves', async () => {
		const topic = newTopic();
		const first = present(topic, 'amina');
		const events: string[] = [];
		first.on('presence', { event: 'join' }, ({ key, newPresences }) =>
			events.push(`join ${key} ${newPresences[0]?.mood}`)
		);
		first.on('presence', { event: 'leave' }, ({ key }) => events.push(`leave ${key}`));
		await joined(first);
		const second = await joined(present(topic, 'brahim'));
		await second.track({ mood: 'merry' });
		await until(() => expect(events).toEqual(['join brahim merry']));
		await second.untrack();
		await until(() => expect(events).toEqual(['join brahim merry', 'leave brahim']));
		expect(first.presenceState()).toEqual({});
	});

	test('shows a person to itself', async () => {
		const channel = await joined(present(newTopic(), 'amina'));
		await channel.track({ n: 1 });
		await until(() => expect(channel.presenceState()).toMatchObject({ amina: [{ n: 1 }] }));
	});

	test('ends when a person leaves the channel', async () => {
		const topic = newTopic();
		const first = await joined(present(topic, 'amina'));
		const second = await joined(present(topic, 'brahim'));
		await second.track({});
		await until(() => expect(Object.keys(first.presenceState())).toEqual(['brahim']));
		await second.unsubscribe();
		await until(() => expect(first.presenceState()).toEqual({}));
	});

	test('ends when the connection does', async () => {
		const topic = newTopic();
		const first = await joined(present(topic, 'amina'));
		const socket = await raw();
		await socket.join(topic, { presence: { key: 'brahim', enabled: true } });
		await socket.call(`realtime:${topic}`, 'presence', track({}), '1');
		await until(() => expect(Object.keys(first.presenceState())).toEqual(['brahim']));
		socket.close();
		await until(() => expect(first.presenceState()).toEqual({}));
	});

	test('keeps several devices under one key apart', async () => {
		const topic = newTopic();
		const phone = await joined(present(topic, 'amina'));
		const laptop = await joined(present(topic, 'amina'));
		await phone.track({ device: 'phone' });
		await laptop.track({ device: 'laptop' });
		const devices = () =>
			(phone.presenceState().amina ?? []).map((meta) => (meta as unknown as { device: string }).device).sort();
		await until(() => expect(devices()).toEqual(['laptop', 'phone']));
		await laptop.unsubscribe();
		await until(() => expect(devices()).toEqual(['phone']));
	});

	test('gives a key to one who has none', async () => {
		const topic = newTopic();
		const channel = await joined(present(topic, ''));
		await channel.track({ n: 1 });
		await until(() => expect(Object.keys(channel.presenceState())[0]).toMatch(/^[0-9a-f]{8}-/));
	});

	test('is an empty state where nobody is', async () => {
		const socket = await raw();
		await socket.join(newTopic(), { presence: { enabled: true } });
		expect((await socket.next(({ event }) => event === 'presence_state')).payload).toEqual({});
	});

	test('sends no state to one who did not ask for presence', async () => {
		const socket = await raw();
		await socket.join(newTopic());
		await quiet();
		expect(socket.frames).toHaveLength(1);
	});

	test('changes with one diff that names the version before', async () => {
		const topic = newTopic();
		const socket = await raw();
		await socket.join(topic, { presence: { key: 'amina', enabled: true } });
		await socket.call(`realtime:${topic}`, 'presence', track({ n: 1 }), '1');
		await socket.call(`realtime:${topic}`, 'presence', track({ n: 1 }), '1'); // the same again is no change
		await socket.call(`realtime:${topic}`, 'presence', track({ n: 2 }), '1');
		await until(() => expect(socket.frames.filter(({ event }) => event === 'presence_diff')).toHaveLength(2));
		const [first, second] = socket.frames.filter(({ event }) => event === 'presence_diff');
		const reference = first!.payload.joins.amina.metas[0].phx_ref;
		expect(first!.joinRef).toBeNull();
		expect(first!.payload.leaves).toEqual({});
		expect(second!.payload.leaves).toEqual({ amina: { metas: [{ n: 1, phx_ref: reference }] } });
		const [meta] = second!.payload.joins.amina.metas;
		expect(meta).toEqual({ n: 2, phx_ref: expect.any(String), phx_ref_prev: reference });
		expect(meta.phx_ref).not.toBe(reference);
	});

	test('refuses what is no object', async () => {
		const topic = newTopic();
		const socket = await raw();
		await socket.join(topic, { presence: { enabled: true } });
		const reply = await socket.call(`realtime:${topic}`, 'presence', track('text'), '1');
		expect(reply.payload).toEqual({ status: 'error', response: { reason: 'Presence track payload must be a map' } });
	});

	test('needs the right to write it on a private channel', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read presence');
		const channel = amina.client.channel(topic, {
			config: { private: true, presence: { enabled: true, key: 'amina' } }
		});
		await joined(channel);
		expect(await channel.track({})).toBe('error');
	});

	test('is shown on a private channel only to those who may read it', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast', 'read presence', 'write presence');
		const channel = amina.client.channel(topic, {
			config: { private: true, presence: { enabled: true, key: 'amina' } }
		});
		await joined(channel);
		const brahim = await account('brahim');
		await rights.give(topic, brahim.id, 'read broadcast');
		const socket = await raw();
		const token = (await brahim.client.auth.getSession()).data.session!.access_token;
		await socket.join(topic, { private: true, presence: { enabled: true } }, token);
		expect(await channel.track({ n: 1 })).toBe('ok');
		await until(() => expect(channel.presenceState()).toMatchObject({ amina: [{ n: 1 }] }));
		await quiet();
		expect(socket.frames.filter(({ event }) => event.startsWith('presence'))).toEqual([]);
	});

	test('ends a channel that calls it too often', async () => {
		const topic = newTopic();
		const socket = await raw();
		await socket.join(topic, { presence: { enabled: true } });
		for (let n = 0; n < 40; n++) socket.send(`realtime:${topic}`, 'presence', track({ n }), '1');
		const told = await socket.next(({ event }) => event === 'system');
		expect(told.payload).toMatchObject({ status: 'error', message: 'Client presence rate limit exceeded' });
		await socket.next(({ event }) => event === 'phx_close');
	});
});
