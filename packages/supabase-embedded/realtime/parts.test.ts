import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindingId, parseJoin } from './join.ts';
import { outdated, wanted } from './partitions.ts';
import { PgoutputReader } from './pgoutput.ts';
import { toMessage } from './pickup.ts';
import { Presence } from './presence.ts';
import { parseReplay } from './replay.ts';
import { decode, MalformedFrame, userBroadcast } from './serializer.ts';

describe('frames', () => {
	test('of any bytes are read or refused, never worse', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, binary) => {
				try {
					decode('2.0.0', Buffer.from(bytes), binary);
				} catch (error) {
					expect(error).toBeInstanceOf(MalformedFrame);
				}
			})
		);
	});

	test('keep every digit of a number', () => {
		const message = { event: 'e', encoding: 'json' as const, payload: Buffer.from('{"n": 12345678901234567890.10}') };
		expect(String(userBroadcast('realtime:t', message).frame('1.0.0'))).toContain('12345678901234567890.10');
	});

	test('are made once for each version', () => {
		const message = userBroadcast('realtime:t', { event: 'e', encoding: 'json', payload: Buffer.from('{}') });
		expect(message.frame('2.0.0')).toBe(message.frame('2.0.0'));
	});

	test('with a name too long for a byte of length are text', () => {
		const message = userBroadcast(`realtime:${'x'.repeat(300)}`, {
			event: 'e',
			encoding: 'json',
			payload: Buffer.from('{}')
		});
		expect(typeof message.frame('2.0.0')).toBe('string');
	});
});

describe('a join', () => {
	test('falls back to defaults where it makes no sense', () => {
		for (const payload of [
			null,
			7,
			[],
			{ config: 'x' },
			{ config: { broadcast: 3, presence: [], private: 'maybe' } }
		]) {
			expect(parseJoin(payload)).toMatchObject({
				private: false,
				ack: false,
				self: false,
				postgresChanges: [],
				token: null
			});
		}
	});

	test.each([
		[{ access_token: 'a' }, 'a'],
		[{ access_token: 'a', user_token: 'u' }, 'u'],
		[{ access_token: 'sb_publishable_x' }, null],
		[{ user_token: 'sb_x', access_token: 'a' }, null],
		[{ access_token: null }, null],
		[{}, null]
	])('%j speaks with the token %s', (payload, token) => {
		expect(parseJoin(payload).token).toBe(token);
	});

	test('numbers equal bindings equally', () => {
		expect(bindingId({ event: '*', table: 't' })).toBe(bindingId({ table: 't', event: '*' }));
		expect(bindingId({ event: '*', table: 't' })).toBeLessThan(2 ** 27);
	});

	test.each([
		[
			{ since: 1, limit: 25 },
			{ since: 1, limit: 25 }
		],
		[{ since: 1 }, { since: 1, limit: 25 }],
		[{ since: 1, limit: 26 }, null],
		[{ since: 1, limit: 0 }, null],
		[{ since: '1' }, null],
		[{ limit: 3 }, null],
		['x', null]
	])('that asks for %j has %j replayed', (wish, request) => {
		expect(parseReplay(wish, 25)).toEqual(request);
	});
});

describe('partitions', () => {
	test('are one for each day from yesterday to three days ahead', () => {
		const now = Date.UTC(2026, 11, 30, 23, 59);
		expect(wanted(now).map(({ name }) => name)).toEqual([
			'messages_2026_12_29',
			'messages_2026_12_30',
			'messages_2026_12_31',
			'messages_2027_01_01',
			'messages_2027_01_02'
		]);
		expect(wanted(now)[2]).toMatchObject({ from: '2026-12-31', to: '2027-01-01' });
	});

	test('are dropped when their last row is older than the retention', () => {
		const names = ['messages_2026_11_16', 'messages_2026_11_17', 'messages_2026_11_18', 'messages_other'];
		expect(outdated(names, Date.UTC(2026, 10, 20, 23, 59), 72)).toEqual(['messages_2026_11_16']);
		expect(outdated(names, Date.UTC(2026, 10, 21), 72)).toEqual(['messages_2026_11_16', 'messages_2026_11_17']);
	});
});

describe('the log', () => {
	const text = (value: string) => Buffer.from(`${value}\0`);
	const relation = Buffer.concat([
		Buffer.from('R'),
		Buffer.from([0, 0, 0, 5]),
		text('realtime'),
		text('messages_2026_11_20'),
		Buffer.from('d'),
		Buffer.from([0, 2]),
		...['topic', 'payload'].flatMap((name) => [Buffer.from([0]), text(name), Buffer.alloc(8)])
	]);
	const insert = Buffer.concat([
		Buffer.from('I'),
		Buffer.from([0, 0, 0, 5]),
		Buffer.from('N'),
		Buffer.from([0, 2]),
		Buffer.from('t'),
		Buffer.from([0, 0, 0, 3]),
		Buffer.from('été').subarray(0, 3),
		Buffer.from('n')
	]);

	test('gives the inserted rows of relations it has named', () => {
		const reader = new PgoutputReader();
		expect(reader.read(insert)).toBeNull();
		expect(reader.read(relation)).toBeNull();
		expect(reader.read(insert)).toEqual({
			schema: 'realtime',
			relation: 'messages_2026_11_20',
			values: { topic: 'ét', payload: null }
		});
	});

	const values = {
		id: 'i',
		topic: 't',
		event: 'e',
		private: 't',
		inserted_at: 'now',
		payload: '{}',
		binary_payload: null
	};
	const row = (change: object) => ({ schema: 'realtime', relation: 'messages_x', values: { ...values, ...change } });
	test('gives messages of rows that have all they need', () => {
		expect(toMessage(row({}))).toMatchObject({ id: 'i', private: true, encoding: 'json', meta: { id: 'i' } });
		expect(toMessage(row({ payload: null, binary_payload: '\\x0aff' }))?.payload).toEqual(Buffer.from([10, 255]));
		for (const name of ['id', 'topic', 'event', 'private', 'inserted_at', 'payload']) {
			expect(toMessage(row({ [name]: null }))).toBeNull();
		}
		expect(toMessage({ ...row({}), schema: 'public' })).toBeNull();
	});
});

describe('presence', () => {
	test('survives keys that mean something to JavaScript', () => {
		const presence = new Presence();
		presence.track({}, '__proto__', { n: 1 });
		presence.track({}, 'constructor', { n: 2 });
		expect(Object.keys(presence.state())).toEqual(['__proto__', 'constructor']);
	});

	test('keeps its reference from a payload that brings one', () => {
		const diff = new Presence().track({}, 'k', { phx_ref: 'forged' });
		expect(diff!.joins.k!.metas[0]!.phx_ref).not.toBe('forged');
	});
});
