import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, secondFactor } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;
let booking: string;
let conversation: string;

beforeAll(async () => {
	here = await makeNeighbourhood();
	const made = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at: await localInstant(here.db, 3, '10:00'),
		idempotency_key: randomUUID()
	});
	booking = made.data!.booking_id!;
	const sent = await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body: 'Bonjour' });
	conversation = sent.data!.conversation_id;
});
afterAll(() => here.close());

/** How many rows of a table a person sees; a refusal counts as none. */
async function sees(client: Client, table: string, column: string, value: string): Promise<number> {
	const { data } = await client
		.from(table as 'bookings')
		.select(column)
		.eq(column as 'id', value);
	return data?.length ?? 0;
}

// Who may do what is in tests/policies/matrix; here is what follows from it over time and between people.

describe('a conversation', () => {
	test('takes messages from its two sides, each marked with its side', async () => {
		const answer = await here.karim.client.rpc('send_message', { conversation_id: conversation, body: 'Oui ?' });
		expect(answer.data).toMatchObject({ side: 'provider', sender_id: here.karim.id });
		const empty = await here.amina.client.rpc('send_message', { conversation_id: conversation, body: '  ' });
		expect(empty.error).toMatchObject({ message: 'invalid_input', details: 'body' });
	});

	test('remembers how far each has read', async () => {
		expect((await here.amina.client.rpc('mark_read', { conversation_id: conversation })).error).toBeNull();
		expect(await sees(here.youssef.client, 'conversation_reads', 'conversation_id', conversation)).toBeGreaterThan(0);
	});

	test('is limited in speed', async () => {
		await here.db`update private.rate_limits set max_calls = 3 where name = 'send_message'`;
		try {
			const answers = [];
			for (let i = 0; i < 4; i++) {
				answers.push(await here.zineb.client.rpc('send_message', { provider_id: here.plumber.id, body: `${i}` }));
			}
			expect(answers.slice(0, 3).map(({ error }) => error)).toEqual([null, null, null]);
			expect(answers[3]).toMatchObject({ status: 429, error: { message: 'rate_limited' } });
			expect(Number(answers[3]!.error!.details)).toBeGreaterThan(0);
		} finally {
			await here.db`update private.rate_limits set max_calls = 60 where name = 'send_message'`;
		}
	});
});

describe('platform staff', () => {
	const refusal = async (client: Client) =>
		(await client.rpc('get_booking', { booking_id: booking })).error?.message ?? null;

	test('a role taken away works at once, not at the token’s end', async () => {
		expect(await refusal(here.moderator.client)).toBeNull();
		await here.db`delete from user_roles where user_id = ${here.moderator.id}`;
		expect(await refusal(here.moderator.client)).toBe('not_found');
		await here.db`insert into user_roles (user_id, role) values (${here.moderator.id}, 'moderator')`;
	});

	test('have no more rights than anybody until they give the second factor', async () => {
		const { id, client } = await account('hasty');
		await here.db`insert into user_roles (user_id, role) values (${id}, 'admin')`;
		expect(await refusal(client as Client)).toBe('not_found');
		expect(await sees(client as Client, 'user_roles', 'user_id', here.moderator.id)).toBe(0);
		await secondFactor(client);
		expect(await refusal(client as Client)).toBeNull();
		expect(await sees(client as Client, 'user_roles', 'user_id', here.moderator.id)).toBe(1);
		// people are looked up by functions, which write down whose
		expect(await sees(client as Client, 'profiles', 'id', here.amina.id)).toBe(0);
	});
});

describe('the catalogue', () => {
	test('does not mix two providers', async () => {
		const foreign = await here.youssef.client
			.from('service_resources')
			.insert({ service_id: here.salon.service, resource_id: here.plumber.staff[0]! });
		expect(foreign.error).not.toBeNull();
		const crossed = await here.db`
			insert into service_resources (service_id, resource_id) values (${here.salon.service}, ${here.plumber.staff[0]!})`.catch(
			(error: { code: string }) => error.code
		);
		expect(crossed).toBe('PT422');
	});

	test('keeps the names that a customer has in a booking, when the business is closed or the service no longer offered', async () => {
		const names = async ({ client }: { client: Client }) => [
			await sees(client, 'providers', 'id', here.plumber.id),
			await sees(client, 'services', 'id', here.plumber.freeService),
			await sees(client, 'services', 'id', here.plumber.service)
		];
		await here.db`update providers set status = 'suspended' where id = ${here.plumber.id}`;
		await here.db`update services set active = false where id = ${here.plumber.freeService}`;
		try {
			expect(await names(here.amina)).toEqual([1, 1, 0]);
			expect(await names(here.bilal)).toEqual([0, 0, 0]);
			expect(await names({ client: here.visitor })).toEqual([0, 0, 0]);
		} finally {
			await here.db`update providers set status = 'published' where id = ${here.plumber.id}`;
			await here.db`update services set active = true where id = ${here.plumber.freeService}`;
		}
	});
});
