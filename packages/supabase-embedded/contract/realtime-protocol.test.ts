import { afterEach, describe, expect, test } from 'vitest';
import { project } from '../testing/project.ts';
import { quiet, RawSocket, userBroadcastPush } from './realtime-kit.ts';
import type { Version } from './realtime-kit.ts';

const sockets: RawSocket[] = [];
async function open(version: Version = '2.0.0'): Promise<RawSocket> {
	const socket = await RawSocket.open(version);
	sockets.push(socket);
	return socket;
}
afterEach(() => {
	for (const socket of sockets.splice(0)) socket.close();
});
let count = 0;
const newTopic = () => `contract:raw:${Date.now()}${count++}`;

describe('a connection', () => {
	test('is refused without a key', async () => {
		await expect(RawSocket.open('2.0.0', null)).rejects.toThrow('refused with 401');
	});

	test('is refused with a key that was not given out', async () => {
		await expect(RawSocket.open('2.0.0', 'sb_publishable_made_up')).rejects.toThrow('refused with 401');
		await expect(RawSocket.open('2.0.0', 'a.b.c')).rejects.toThrow('refused with 401');
	});

	test('outlives frames that make no sense', async () => {
		const socket = await open();
		for (const frame of [
			'no json',
			'{}',
			'[1,2]',
			'[null,null,7,8,9]',
			Buffer.from([]),
			Buffer.from([9, 1]),
			Buffer.from([3, 200, 1, 1, 1, 1, 1])
		]) {
			socket.sendFrame(frame);
		}
		expect((await socket.call('phoenix', 'heartbeat', {})).payload.status).toBe('ok');
	});
});

describe.each(['1.0.0', '2.0.0'] as const)('version %s', (version) => {
	test('answers a heartbeat', async () => {
		const socket = await open(version);
		const reply = await socket.call('phoenix', 'heartbeat', {});
		expect(reply).toMatchObject({ topic: 'phoenix', event: 'phx_reply', payload: { status: 'ok', response: {} } });
	});

	test('answers a join with an empty list of changes', async () => {
		const socket = await open(version);
		const reply = await socket.join(newTopic());
		expect(reply.payload).toEqual({ status: 'ok', response: { postgres_changes: [] } });
		expect(reply.joinRef).toBe(version === '2.0.0' ? '1' : undefined);
	});

	test('answers a leave and closes the channel', async () => {
		const socket = await open(version);
		const topic = newTopic();
		await socket.join(topic);
		const reply = await socket.call(`realtime:${topic}`, 'phx_leave', {}, '1');
		expect(reply.payload).toEqual({ status: 'ok', response: {} });
		const close = await socket.next(({ event }) => event === 'phx_close');
		expect(close).toMatchObject({ ref: '1', topic: `realtime:${topic}`, payload: {} });
		expect(socket.frames.indexOf(close)).toBeGreaterThan(socket.frames.indexOf(reply));
	});

	test('answers a leave of a channel that is not open', async () => {
		const socket = await open(version);
		const reply = await socket.call(`realtime:${newTopic()}`, 'phx_leave', {});
		expect(reply.payload).toEqual({ status: 'ok', response: {} });
	});

	test('knows no other event on a channel that is not open', async () => {
		const socket = await open(version);
		const reply = await socket.call(`realtime:${newTopic()}`, 'broadcast', {});
		expect(reply.payload).toEqual({ status: 'error', response: { reason: 'unmatched topic' } });
	});

	test('needs a topic to join', async () => {
		const socket = await open(version);
		expect((await socket.join('')).payload.response.reason).toBe('TopicNameRequired: You must provide a topic name');
		expect((await socket.call('elsewhere', 'phx_join', {}, '9')).payload.response.reason).toBe('unmatched topic');
	});

	test('closes the old channel when a topic is joined again', async () => {
		const socket = await open(version);
		const topic = newTopic();
		const first = await socket.join(topic);
		const second = await socket.join(topic);
		expect(second.payload.status).toBe('ok');
		const close = await socket.next(({ event }) => event === 'phx_close');
		expect(close.ref).toBe(first.ref);
		expect(socket.frames.indexOf(close)).toBeLessThan(socket.frames.indexOf(second));
	});

	test('tells when messages of the database are being read', async () => {
		const socket = await open(version);
		const topic = newTopic();
		await socket.join(topic, { broadcast: { replication_ready: true } });
		const told = await socket.next(({ event }) => event === 'system');
		expect(told.payload).toEqual({
			extension: 'system',
			status: 'ok',
			message: 'Replication connection established',
			channel: topic
		});
	});
});

describe('between the versions', () => {
	async function both() {
		const topic = newTopic();
		const [older, newer, sender] = [await open('1.0.0'), await open(), await open()];
		for (const socket of [older, newer, sender]) await socket.join(topic, { broadcast: { ack: true } });
		return { topic, older, newer, sender };
	}

	test('a binary broadcast of JSON is binary to the new and text to the old', async () => {
		const { topic, older, newer, sender } = await both();
		sender.sendFrame(userBroadcastPush(topic, 'e', { n: 1 }, '7', '1'));
		const expected = { type: 'broadcast', event: 'e', payload: { n: 1 } };
		const atNewer = await newer.next(({ event }) => event === 'broadcast');
		expect(atNewer.payload).toEqual(expected);
		expect(atNewer.bytes?.[0]).toBe(4);
		const atOlder = await older.next(({ event }) => event === 'broadcast');
		expect(atOlder.payload).toEqual(expected);
		expect(atOlder.bytes).toBeUndefined();
		expect((await sender.next(({ ref }) => ref === '7')).payload).toEqual({ status: 'ok', response: {} });
	});

	test('bytes reach only the new', async () => {
		const { topic, older, newer, sender } = await both();
		sender.sendFrame(userBroadcastPush(topic, 'bytes', Buffer.from([1, 2]), '7', '1'));
		expect((await newer.next(({ event }) => event === 'broadcast')).payload.payload).toEqual(Buffer.from([1, 2]));
		await quiet();
		expect(older.frames.filter(({ event }) => event === 'broadcast')).toEqual([]);
	});

	test('a text broadcast is passed on untouched', async () => {
		const { topic, older, newer } = await both();
		const payload = { type: 'broadcast', event: 'e', payload: { deep: [1, null] }, own: true };
		older.send(`realtime:${topic}`, 'broadcast', payload);
		const frame = await newer.next(({ event }) => event === 'broadcast');
		expect(frame).toMatchObject({ joinRef: null, ref: null, payload });
		expect(frame.payload).toEqual(payload);
	});
});

describe('limits', () => {
	test('a payload above 3,000 kB is dropped, and the sender told when it asked', async () => {
		const socket = await open();
		const topic = newTopic();
		await socket.join(topic, { broadcast: { ack: true, self: true } });
		socket.sendFrame(userBroadcastPush(topic, 'big', { text: 'x'.repeat(3_001_000) }, '7', '1'));
		expect((await socket.next(({ ref }) => ref === '7')).payload.status).toBe('error');
		expect(socket.frames.filter(({ event }) => event === 'broadcast')).toEqual([]);
	});

	test('a socket has at most 100 channels', async () => {
		const socket = await open();
		const topic = newTopic();
		for (let n = 0; n < 100; n++) {
			expect((await socket.join(`${topic}:${n}`)).payload.status).toBe('ok');
			await new Promise((resolve) => setTimeout(resolve, 11)); // joins a second are limited too
		}
		const reply = await socket.join(`${topic}:100`);
		expect(reply.payload).toEqual({
			status: 'error',
			response: { reason: 'ChannelRateLimitReached: Too many channels' }
		});
	});

	test('a token in the address may be the long form of the key', async () => {
		const socket = await RawSocket.open('2.0.0', project.secretKey, 'socket/websocket');
		sockets.push(socket);
		expect((await socket.join(newTopic(), { private: true })).payload.status).toBe('ok');
	});
});
