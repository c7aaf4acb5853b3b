import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { account, database, project, visitor } from '../testing/project.ts';
import { broadcasts, joined, quiet, RawSocket, rightsTable, until } from './realtime-kit.ts';
import type { Broadcast, Rights } from './realtime-kit.ts';

const sql = database();
let rights: Rights;
let amina: Awaited<ReturnType<typeof account>>;
let token: string;
const anyone = visitor();

beforeAll(async () => {
	rights = await rightsTable(sql, 'rest');
	amina = await account('amina');
	await amina.client.realtime.setAuth();
	token = (await amina.client.auth.getSession()).data.session!.access_token;
});
afterEach(async () => {
	await anyone.removeAllChannels();
	await amina.client.removeAllChannels();
});
afterAll(async () => {
	await rights.remove();
	await sql.end();
});

function post(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
	return fetch(`${project.url}/realtime/v1/api/broadcast${path}`, {
		method: 'POST',
		body,
		headers: { apikey: project.publishableKey, 'content-type': 'application/json', ...headers }
	});
}
const batch = (...messages: object[]) => JSON.stringify({ messages });
async function listener(topic: string) {
	const channel = anyone.channel(topic);
	const heard = broadcasts(channel);
	await joined(channel);
	return heard;
}

describe('broadcasts over HTTP', () => {
	test('go out in a batch, each to its topic', async () => {
		const [one, other] = [rights.topic(), rights.topic()];
		const [atOne, atOther] = [await listener(one), await listener(other)];
		const answer = await post(
			'',
			batch({ topic: one, event: 'a', payload: { n: 1 } }, { topic: other, event: 'b', payload: { n: 2 }, id: 'mine' })
		);
		expect(answer.status).toBe(202);
		expect(await answer.text()).toBe('');
		await until(() => expect(atOne).toEqual([{ type: 'broadcast', event: 'a', payload: { n: 1 } }]));
		await until(() =>
			expect(atOther).toEqual([{ type: 'broadcast', event: 'b', payload: { n: 2 }, meta: { id: 'mine' } }])
		);
	});

	test('need a key', async () => {
		const answer = await post('', batch(), { apikey: '' });
		expect(answer.status).toBe(401);
	});

	test('need a token that verifies', async () => {
		const answer = await post('', batch(), { authorization: `Bearer ${token.slice(0, -6)}AAAAAA` });
		expect(answer.status).toBe(401);
		expect(await answer.json()).toEqual({ message: 'Unauthorized' });
	});

	test('are refused with the fields that are missing', async () => {
		const answer = await post('', batch({ topic: 'contract:x', payload: {} }));
		expect(answer.status).toBe(422);
		expect(JSON.stringify(await answer.json())).toContain("can't be blank");
	});

	test('in a batch to a private topic are dropped without a word when no policy lets write', async () => {
		const [open, closed] = [rights.topic(), rights.topic()];
		for (const topic of [open, closed]) await rights.give(topic, amina.id, 'read broadcast');
		await rights.give(open, amina.id, 'write broadcast');
		const heard: Broadcast[][] = [];
		for (const topic of [open, closed]) {
			const channel = amina.client.channel(topic, { config: { private: true } });
			heard.push(broadcasts(channel));
			await joined(channel);
		}
		const message = { event: 'e', payload: {}, private: true };
		const answer = await post('', batch({ ...message, topic: closed }, { ...message, topic: open }), {
			authorization: `Bearer ${token}`
		});
		expect(answer.status).toBe(202);
		await until(() => expect(heard[0]).toHaveLength(1));
		await quiet();
		expect(heard[1]).toEqual([]);
	});

	test('go out one at a time, the body being the payload', async () => {
		const topic = rights.topic();
		const heard = await listener(topic);
		const answer = await post(`/${encodeURIComponent(topic)}/events/one`, '{"n": 1}');
		expect(answer.status).toBe(202);
		await until(() => expect(heard).toMatchObject([{ event: 'one', payload: { n: 1 } }]));
	});

	test('are what httpSend does', async () => {
		const topic = rights.topic();
		const heard = await listener(topic);
		expect(await visitor().channel(topic).httpSend('sent', { n: 3 })).toEqual({ success: true });
		await until(() => expect(heard).toMatchObject([{ event: 'sent', payload: { n: 3 } }]));
	});

	test('may be bytes', async () => {
		const topic = rights.topic();
		const heard = await listener(topic);
		await visitor()
			.channel(topic)
			.httpSend('bytes', new Uint8Array([9, 8]).buffer);
		await until(() => expect(heard).toHaveLength(1));
		expect([...new Uint8Array(heard[0]!.payload as unknown as ArrayBuffer)]).toEqual([9, 8]);
	});

	test('must be JSON or bytes', async () => {
		const answer = await post('/contract:x/events/e', 'text', { 'content-type': 'text/plain' });
		expect(answer.status).toBe(415);
		expect(await answer.json()).toEqual({
			error: 'Unsupported Media Type. Use application/json or application/octet-stream'
		});
	});

	test('to a private topic, one at a time, are refused when no policy lets write', async () => {
		const topic = rights.topic();
		const send = () => post(`/${topic}/events/e?private=true`, '{}', { authorization: `Bearer ${token}` });
		const refused = await send();
		expect(refused.status).toBe(403);
		expect(await refused.json()).toEqual({ message: 'Unauthorized' });
		await rights.give(topic, amina.id, 'write broadcast');
		expect((await send()).status).toBe(202);
	});

	test('reach clients of the first version as text', async () => {
		const topic = rights.topic();
		const socket = await RawSocket.open('1.0.0');
		await socket.join(topic);
		await post(`/${topic}/events/e`, '{"n": 1}');
		const frame = await socket.next(({ event }) => event === 'broadcast');
		expect(frame.payload).toEqual({ type: 'broadcast', event: 'e', payload: { n: 1 } });
		socket.close();
	});
});
