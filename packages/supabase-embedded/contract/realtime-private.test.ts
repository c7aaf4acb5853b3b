import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { account, database, project, visitor } from '../testing/project.ts';
import { broadcasts, joined, quiet, RawSocket, rightsTable, until } from './realtime-kit.ts';
import type { Rights } from './realtime-kit.ts';

const sql = database();
let rights: Rights;
let amina: Awaited<ReturnType<typeof account>>;
let brahim: Awaited<ReturnType<typeof account>>;
const sockets: RawSocket[] = [];

beforeAll(async () => {
	rights = await rightsTable(sql, 'private');
	[amina, brahim] = await Promise.all([account('amina'), account('brahim')]);
	await Promise.all([amina.client.realtime.setAuth(), brahim.client.realtime.setAuth()]);
});
afterEach(async () => {
	await amina.client.removeAllChannels();
	await brahim.client.removeAllChannels();
	for (const socket of sockets.splice(0)) socket.close();
});
afterAll(async () => {
	await rights.remove();
	await sql.end();
});

const secret = { config: { private: true } };
const tokenOf = async ({ client }: typeof amina) => (await client.auth.getSession()).data.session!.access_token;
async function raw(): Promise<RawSocket> {
	const socket = await RawSocket.open();
	sockets.push(socket);
	return socket;
}
/** A second token of the same person, which differs from the first. */
async function newToken({ client }: typeof amina): Promise<string> {
	const before = await tokenOf({ client } as typeof amina);
	for (;;) {
		const token = (await client.auth.refreshSession()).data.session!.access_token;
		if (token !== before) return token;
		await new Promise((resolve) => setTimeout(resolve, 1000)); // a token names only the second it was made in
	}
}

describe('a private channel', () => {
	test('is joined by whom a policy lets read it', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		expect((await joined(amina.client.channel(topic, secret))).state).toBe('joined');
	});

	test('is closed to others, with the reason', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		await expect(joined(brahim.client.channel(topic, secret))).rejects.toThrow(
			`Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`
		);
	});

	test('is closed to visitors', async () => {
		const client = visitor();
		await expect(joined(client.channel(rights.topic(), secret))).rejects.toThrow('Unauthorized');
		await client.removeAllChannels();
	});

	test('is joined with the right to presence alone, and then carries no broadcasts', async () => {
		const topic = rights.topic();
		await rights.give(topic, brahim.id, 'read broadcast', 'write broadcast');
		await rights.give(topic, amina.id, 'read presence');
		const ear = amina.client.channel(topic, { config: { private: true, presence: { enabled: true } } });
		const heard = broadcasts(ear);
		await joined(ear);
		const mouth = await joined(brahim.client.channel(topic, secret));
		await mouth.send({ type: 'broadcast', event: 'hello', payload: {} });
		await quiet();
		expect(heard).toEqual([]);
	});

	test('carries broadcasts of whom a policy lets write', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		await rights.give(topic, brahim.id, 'read broadcast', 'write broadcast');
		const ear = amina.client.channel(topic, secret);
		const heard = broadcasts(ear);
		await joined(ear);
		const mouth = await joined(brahim.client.channel(topic, secret));
		for (const n of [1, 2, 3]) await mouth.send({ type: 'broadcast', event: 'n', payload: { n } });
		await until(() => expect(heard.map(({ payload }) => payload.n)).toEqual([1, 2, 3]));
	});

	test('drops broadcasts of whom no policy lets write, without a word', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		await rights.give(topic, brahim.id, 'read broadcast');
		const ear = amina.client.channel(topic, secret);
		const heard = broadcasts(ear);
		await joined(ear);
		const socket = await raw();
		await socket.join(topic, { private: true, broadcast: { ack: true } }, await tokenOf(brahim));
		const ref = socket.send(`realtime:${topic}`, 'broadcast', { type: 'broadcast', event: 'n', payload: {} }, '1');
		await quiet();
		expect(heard).toEqual([]);
		expect(socket.frames.filter((frame) => frame.ref === ref)).toEqual([]);
	});

	test('leaves no trace of the questions it asks', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast', 'write broadcast');
		const channel = await joined(amina.client.channel(topic, secret));
		await channel.send({ type: 'broadcast', event: 'n', payload: {} });
		await quiet();
		expect(await sql`select from realtime.messages where topic = ${topic}`).toHaveLength(0);
	});

	test('is closed when its policy fails', async () => {
		await sql.unsafe(`
			create policy contract_private_broken on realtime.messages for select to authenticated
			using ((select realtime.topic()) = 'contract:broken' and 1 / (length(topic) - length(topic)) = 1)`);
		try {
			await expect(joined(amina.client.channel('contract:broken', secret))).rejects.toThrow('Unauthorized');
		} finally {
			await sql.unsafe('drop policy contract_private_broken on realtime.messages');
		}
	});

	test('shows policies the claims of the token', async () => {
		await sql.unsafe(`
			create policy contract_private_claims on realtime.messages for select to authenticated
			using ((select realtime.topic()) = 'contract:claims:' || (auth.jwt() ->> 'email'))`);
		try {
			expect((await joined(amina.client.channel(`contract:claims:${amina.email}`, secret))).state).toBe('joined');
			await expect(joined(brahim.client.channel(`contract:claims:${amina.email}`, secret))).rejects.toThrow(
				'Unauthorized'
			);
		} finally {
			await sql.unsafe('drop policy contract_private_claims on realtime.messages');
		}
	});

	test('is joined with the secret key past all policies', async () => {
		const socket = await RawSocket.open('2.0.0', project.secretKey);
		sockets.push(socket);
		expect((await socket.join(rights.topic(), { private: true })).payload.status).toBe('ok');
	});

	test('takes flags as text', async () => {
		const socket = await raw();
		const reply = await socket.join(rights.topic(), { private: 'True' });
		expect(reply.payload.status).toBe('error');
	});
});

describe('an access token', () => {
	test('that is malformed refuses the join', async () => {
		const reply = await (await raw()).join(rights.topic(), { private: true }, 'not a token');
		expect(reply.payload).toEqual({
			status: 'error',
			response: { reason: 'MalformedJWT: The token provided is not a valid JWT' }
		});
	});

	test('that was signed by another refuses the join', async () => {
		const token = await tokenOf(amina);
		const [head, body, signature] = token.split('.') as [string, string, string];
		const forged = [head, body, signature.split('').reverse().join('')].join('.');
		const reply = await (await raw()).join(rights.topic(), {}, forged);
		expect(reply.payload.response.reason).toBe('JwtSignatureError: Failed to validate JWT signature');
	});

	test('that is an opaque key stands for the key of the connection', async () => {
		const reply = await (await raw()).join(rights.topic(), {}, project.publishableKey);
		expect(reply.payload.status).toBe('ok');
	});

	test('can be replaced, and the channel goes on', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		const socket = await raw();
		await socket.join(topic, { private: true }, await tokenOf(amina));
		socket.send(`realtime:${topic}`, 'access_token', { access_token: await newToken(amina) }, '1');
		await quiet();
		await sql`select realtime.send('{}', 'still', ${topic}, true)`;
		await socket.next((frame) => frame.event === 'broadcast' && frame.payload.event === 'still');
		expect(socket.frames.filter(({ event }) => event === 'system' || event === 'phx_close')).toEqual([]);
	});

	test('that may read no more ends the channel', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		const socket = await raw();
		await socket.join(topic, { private: true }, await tokenOf(amina));
		await rights.take(topic, amina.id);
		socket.send(`realtime:${topic}`, 'access_token', { access_token: await newToken(amina) }, '1');
		const told = await socket.next((frame) => frame.event === 'system');
		expect(told.payload).toEqual({
			extension: 'system',
			status: 'error',
			message: `You do not have permissions to read from this Channel topic: ${topic}`,
			channel: topic
		});
		await socket.next((frame) => frame.event === 'phx_close' && frame.joinRef === '1' && frame.ref === '1');
		await sql`select realtime.send('{}', 'late', ${topic}, true)`;
		await quiet();
		expect(socket.frames.filter(({ event }) => event === 'broadcast')).toEqual([]);
	});

	test('that lost one of two rights ends the channel', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast', 'read presence');
		const socket = await raw();
		await socket.join(topic, { private: true, presence: { enabled: true } }, await tokenOf(amina));
		await rights.take(topic, amina.id);
		await rights.give(topic, amina.id, 'read broadcast');
		socket.send(`realtime:${topic}`, 'access_token', { access_token: await newToken(amina) }, '1');
		const told = await socket.next((frame) => frame.event === 'system');
		expect(told.payload.message).toBe(`You no longer have permission to read from this Channel topic: ${topic}`);
	});

	test('that gained the right to broadcasts starts them', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read presence');
		const socket = await raw();
		await socket.join(topic, { private: true, presence: { enabled: true } }, await tokenOf(amina));
		await rights.give(topic, amina.id, 'read broadcast');
		socket.send(`realtime:${topic}`, 'access_token', { access_token: await newToken(amina) }, '1');
		await quiet();
		await sql`select realtime.send('{}', 'gained', ${topic}, true)`;
		await socket.next((frame) => frame.event === 'broadcast' && frame.payload.event === 'gained');
	});

	test('that comes malformed ends the channel', async () => {
		const topic = rights.topic();
		const socket = await raw();
		await socket.join(topic);
		socket.send(`realtime:${topic}`, 'access_token', { access_token: 'broken' }, '1');
		const told = await socket.next((frame) => frame.event === 'system');
		expect(told.payload.message).toBe('The token provided is not a valid JWT');
		await socket.next((frame) => frame.event === 'phx_close');
	});

	test('that is opaque, null or the same changes nothing', async () => {
		const topic = rights.topic();
		const socket = await raw();
		const token = await tokenOf(amina);
		await socket.join(topic, {}, token);
		for (const same of [project.publishableKey, null, token]) {
			socket.send(`realtime:${topic}`, 'access_token', { access_token: same }, '1');
		}
		await quiet();
		expect(socket.frames).toHaveLength(1);
	});

	test('does not lose a channel whose rights change while it is open', async () => {
		const topic = rights.topic();
		await rights.give(topic, amina.id, 'read broadcast');
		const channel = amina.client.channel(topic, secret);
		const heard = broadcasts(channel);
		await joined(channel);
		await rights.take(topic, amina.id);
		await sql`select realtime.send('{}', 'live', ${topic}, true)`;
		await until(() => expect(heard).toHaveLength(1));
	});
});
