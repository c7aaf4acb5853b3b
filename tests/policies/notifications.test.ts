import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cursor } from '../../src/lib/list/schema.ts';
import { markAllRead, markRead } from '../../src/lib/notifications/commands.ts';
import { countUnread, list, listDownTo, perPage } from '../../src/lib/notifications/queries.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

let here: Neighbourhood;
/** of Amina: her booking was confirmed */
let hers: string;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const { data } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, 4, '10:00'),
		idempotency_key: randomUUID()
	});
	await here.youssef.client.rpc('transition_booking', { booking_id: data!.booking_id!, to_status: 'confirmed' });
	const { rows } = await list(here.amina.client);
	hers = rows[0]!.id;
});
afterAll(() => here.close());

describe('a notification', () => {
	test('is seen by the person it is for, with the booking it is about', async () => {
		const { rows: mine } = await list(here.amina.client);
		expect(mine.map(({ kind }) => kind)).toEqual(['booking_confirmed', 'booking_received']);
		expect(mine[0]!.booking).toMatchObject({ service: { name_fr: 'Sans acompte' }, provider: { name: 'Plomberie' } });
		const { rows: his } = await list(here.youssef.client);
		expect(his.map(({ kind }) => kind)).toEqual(['booking_requested']);
		expect(his[0]!.booking?.local_starts_at).toMatch(/T10:00:00$/);
	});

	test('is invisible to everybody else, colleagues and staff of the platform included', async () => {
		for (const person of [here.youssef, here.karim, here.bilal, here.zineb, here.moderator, here.admin]) {
			const { data } = await person.client.from('notifications').select('id').eq('id', hers);
			expect(data).toEqual([]);
		}
		const { data } = await here.visitor.from('notifications').select('id').eq('id', hers);
		expect(data ?? []).toEqual([]);
	});

	test('cannot be marked read by anybody else', async () => {
		const before = await countUnread(here.amina.client);
		for (const person of [here.youssef, here.bilal, here.admin]) {
			await markRead(person.client, hers);
			await markAllRead(person.client, new Date().toISOString());
		}
		await expect(markRead(here.visitor, hers)).rejects.toThrow('not_allowed');
		expect(await countUnread(here.amina.client)).toBe(before);
	});

	test('is neither made, rewritten nor removed by people', async () => {
		const { client, id } = here.amina;
		const made = await client.from('notifications').insert({ user_id: id, kind: 'booking_made' });
		const rewritten = await client.from('notifications').update({ kind: 'booking_made' }).eq('id', hers);
		const removed = await client.from('notifications').delete().eq('id', hers);
		expect([made, rewritten, removed].map(({ error }) => error?.code)).toEqual(['42501', '42501', '42501']);
	});

	test('is of a kind that has a sentence', async () => {
		const write = here.db`insert into notifications (user_id, kind) values (${here.amina.id}, 'something_new')`;
		await expect(write).rejects.toMatchObject({ code: '22P02' });
	});
});

describe('reading', () => {
	test('one lowers the count by one, and a second time changes nothing', async () => {
		const before = await countUnread(here.amina.client);
		await markRead(here.amina.client, hers);
		const [first] = (await list(here.amina.client)).rows;
		await markRead(here.amina.client, hers);
		const [second] = (await list(here.amina.client)).rows;
		expect(await countUnread(here.amina.client)).toBe(before - 1);
		expect(second!.read_at).toBe(first!.read_at);
	});

	test('all reads those up to the newest that was seen, not one that came meanwhile', async () => {
		const [seen] = (await list(here.amina.client)).rows;
		await here.db`
			insert into notifications (user_id, kind, created_at)
			values (${here.amina.id}, 'booking_confirmed', ${seen!.created_at}::timestamptz + interval '1 second')`;
		await markAllRead(here.amina.client, seen!.created_at);
		expect(await countUnread(here.amina.client)).toBe(1);
	});
});

test('pages follow each other without a gap, though many notifications came at the same moment', async () => {
	await here.db`
		insert into notifications (user_id, kind, created_at)
		select ${here.bilal.id}, 'booking_confirmed', now() - interval '1 minute' * (n / 30)
		from generate_series(1, ${perPage * 2 + 5}) as n`;
	const { client } = here.bilal;
	const first = await list(client);
	const second = await list(client, cursor.parse(first.next));
	const third = await list(client, cursor.parse(second.next));
	expect([first, second, third].map(({ rows }) => rows.length)).toEqual([perPage, perPage, 5]);
	expect(third.next).toBeNull();
	const ids = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
	expect(new Set(ids).size).toBe(perPage * 2 + 5);
	expect((await listDownTo(client, cursor.parse(second.next)!)).map(({ id }) => id)).toEqual(ids.slice(0, perPage * 2));
});
