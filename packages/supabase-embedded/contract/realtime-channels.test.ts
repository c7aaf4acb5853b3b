import { afterEach, describe, expect, test } from 'vitest';
import { service, visitor } from '../testing/project.ts';
import { broadcasts, joined, quiet, until } from './realtime-kit.ts';

const clients: ReturnType<typeof visitor>[] = [];
const someone = () => {
	const client = visitor();
	clients.push(client);
	return client;
};
afterEach(async () => {
	for (const client of clients.splice(0)) await client.removeAllChannels();
});
let count = 0;
const newTopic = () => `contract:public:${Date.now()}${count++}`;

describe('a public channel', () => {
	test('is joined by anyone with the publishable key', async () => {
		const channel = await joined(someone().channel(newTopic()));
		expect(channel.state).toBe('joined');
	});

	test('carries a broadcast to the others, with its event and payload', async () => {
		const topic = newTopic();
		const ear = someone().channel(topic);
		const heard = broadcasts(ear);
		await joined(ear);
		const mouth = await joined(someone().channel(topic));
		expect(await mouth.send({ type: 'broadcast', event: 'hello', payload: { price: 12.5, name: 'مرحبا' } })).toBe('ok');
		await until(() => expect(heard).toHaveLength(1));
		expect(heard[0]).toMatchObject({ type: 'broadcast', event: 'hello', payload: { price: 12.5, name: 'مرحبا' } });
		expect(heard[0]!.meta).toBeUndefined();
	});

	test('does not give the sender its own broadcast', async () => {
		const channel = someone().channel(newTopic());
		const heard = broadcasts(channel);
		await joined(channel);
		await channel.send({ type: 'broadcast', event: 'echo', payload: {} });
		await quiet();
		expect(heard).toEqual([]);
	});

	test('gives the sender its own broadcast when it asked for it', async () => {
		const channel = someone().channel(newTopic(), { config: { broadcast: { self: true } } });
		const heard = broadcasts(channel);
		await joined(channel);
		await channel.send({ type: 'broadcast', event: 'echo', payload: { n: 1 } });
		await until(() => expect(heard.map(({ payload }) => payload)).toEqual([{ n: 1 }]));
	});

	test('acknowledges a broadcast when asked to', async () => {
		const channel = someone().channel(newTopic(), { config: { broadcast: { ack: true } } });
		await joined(channel);
		expect(await channel.send({ type: 'broadcast', event: 'heard?', payload: {} })).toBe('ok');
	});

	test('tells an event from another', async () => {
		const topic = newTopic();
		const heard: unknown[] = [];
		const ear = someone().channel(topic);
		ear.on('broadcast', { event: 'wanted' }, ({ payload }) => heard.push(payload));
		await joined(ear);
		const mouth = await joined(someone().channel(topic));
		await mouth.send({ type: 'broadcast', event: 'other', payload: { n: 1 } });
		await mouth.send({ type: 'broadcast', event: 'wanted', payload: { n: 2 } });
		await until(() => expect(heard).toEqual([{ n: 2 }]));
	});

	test('carries bytes', async () => {
		const topic = newTopic();
		const ear = someone().channel(topic);
		const heard = broadcasts(ear);
		await joined(ear);
		const mouth = await joined(someone().channel(topic));
		await mouth.send({ type: 'broadcast', event: 'bytes', payload: new Uint8Array([0, 255, 7]).buffer } as never);
		await until(() => expect(heard).toHaveLength(1));
		expect([...new Uint8Array(heard[0]!.payload as unknown as ArrayBuffer)]).toEqual([0, 255, 7]);
	});

	test('carries nothing to other topics', async () => {
		const other = someone().channel(newTopic());
		const heard = broadcasts(other);
		await joined(other);
		const mouth = await joined(someone().channel(newTopic()));
		await mouth.send({ type: 'broadcast', event: 'hello', payload: {} });
		await quiet();
		expect(heard).toEqual([]);
	});

	test('keeps the order of 200 broadcasts', async () => {
		const topic = newTopic();
		const ear = someone().channel(topic);
		const heard = broadcasts(ear);
		await joined(ear);
		const mouth = await joined(someone().channel(topic));
		for (let n = 0; n < 200; n++) void mouth.send({ type: 'broadcast', event: 'n', payload: { n } });
		await until(() => expect(heard).toHaveLength(200));
		expect(heard.map(({ payload }) => payload.n)).toEqual(Array.from({ length: 200 }, (_, n) => n));
	});

	test('is left for good', async () => {
		const topic = newTopic();
		const ear = someone().channel(topic);
		const heard = broadcasts(ear);
		await joined(ear);
		expect(await ear.unsubscribe()).toBe('ok');
		const mouth = await joined(someone().channel(topic));
		await mouth.send({ type: 'broadcast', event: 'hello', payload: {} });
		await quiet();
		expect(heard).toEqual([]);
	});

	test('is another room than the private channel of the same name', async () => {
		const topic = newTopic();
		const admin = service();
		clients.push(admin);
		const hidden = admin.channel(topic, { config: { private: true } });
		const heardInPrivate = broadcasts(hidden);
		await joined(hidden);
		const open = someone().channel(topic);
		const heardInPublic = broadcasts(open);
		await joined(open);
		const mouth = await joined(someone().channel(topic));
		await mouth.send({ type: 'broadcast', event: 'hello', payload: {} });
		await until(() => expect(heardInPublic).toHaveLength(1));
		await quiet();
		expect(heardInPrivate).toEqual([]);
		await hidden.send({ type: 'broadcast', event: 'secret', payload: {} });
		await quiet();
		expect(heardInPublic).toHaveLength(1);
	});
});
