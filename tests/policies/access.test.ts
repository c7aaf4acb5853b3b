import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe('every table', () => {
	test('has row-level security', async () => {
		const open = await here.db`
			select relnamespace::regnamespace || '.' || relname as name from pg_class
			where relkind in ('r', 'p') and relnamespace in ('public'::regnamespace, 'private'::regnamespace) and not relrowsecurity`;
		expect(open).toEqual([]);
	});

	test('gives visitors no right to write', async () => {
		const rights = await here.db`
			select table_name, privilege_type from information_schema.role_table_grants
			where table_schema = 'public' and grantee = 'anon' and privilege_type <> 'SELECT'`;
		expect(rights).toEqual([]);
	});

	test('exposes no security-definer function, and none with a search path that can be changed', async () => {
		const functions = await here.db`
			select proname from pg_proc
			where pronamespace = 'public'::regnamespace
				and (prosecdef or not exists (select from unnest(proconfig) as setting where setting like 'search_path=%'))`;
		expect(functions).toEqual([]);
	});
});

describe('a booking', () => {
	test('is seen by its customer, its provider’s people and platform staff, and by nobody else', async () => {
		for (const person of [here.amina, here.youssef, here.karim, here.moderator, here.admin]) {
			expect(await sees(person.client, 'bookings', 'id', booking)).toBe(1);
		}
		for (const client of [here.visitor, here.bilal.client, here.zineb.client]) {
			expect(await sees(client, 'bookings', 'id', booking)).toBe(0);
			expect((await client.rpc('get_booking', { booking_id: booking })).error?.message).toBe('not_found');
		}
	});

	test('has a history and occupancies that follow it', async () => {
		expect(await sees(here.amina.client, 'booking_events', 'booking_id', booking)).toBe(1);
		expect(await sees(here.bilal.client, 'booking_events', 'booking_id', booking)).toBe(0);
		expect(await sees(here.karim.client, 'occupancies', 'booking_id', booking)).toBe(1);
		expect(await sees(here.amina.client, 'occupancies', 'booking_id', booking)).toBe(0);
	});

	test('is written through functions alone', async () => {
		for (const person of [here.amina, here.youssef, here.admin]) {
			const change = await person.client.from('bookings').update({ status: 'confirmed' }).eq('id', booking);
			expect(change.error?.code).toBe('42501');
			const removal = await person.client.from('bookings').delete().eq('id', booking);
			expect(removal.error?.code).toBe('42501');
		}
	});

	test('keeps the hash of a guest’s link to itself', async () => {
		const asked = await here.youssef.client.from('bookings').select('manage_token_hash').eq('id', booking);
		expect(asked.error?.code).toBe('42501');
	});
});

describe('a conversation', () => {
	test('is read by its two sides only, platform staff left out', async () => {
		for (const person of [here.amina, here.youssef, here.karim]) {
			expect(await sees(person.client, 'messages', 'conversation_id', conversation)).toBeGreaterThan(0);
		}
		for (const client of [
			here.visitor,
			here.bilal.client,
			here.zineb.client,
			here.moderator.client,
			here.admin.client
		]) {
			expect(await sees(client, 'messages', 'conversation_id', conversation)).toBe(0);
		}
	});

	test('takes messages from its two sides, each marked with its side', async () => {
		const answer = await here.karim.client.rpc('send_message', { conversation_id: conversation, body: 'Oui ?' });
		expect(answer.data).toMatchObject({ side: 'provider', sender_id: here.karim.id });
		const stranger = await here.bilal.client.rpc('send_message', { conversation_id: conversation, body: 'Moi !' });
		expect(stranger.error?.message).toBe('not_found');
		const visitor = await here.visitor.rpc('send_message', { conversation_id: conversation, body: 'Moi !' });
		expect(visitor.error?.code).toBe('42501');
		const empty = await here.amina.client.rpc('send_message', { conversation_id: conversation, body: '  ' });
		expect(empty.error).toMatchObject({ message: 'invalid_input', details: 'body' });
		const forged = await here.bilal.client
			.from('messages')
			.insert({ conversation_id: conversation, side: 'provider', body: 'x' });
		expect(forged.error?.code).toBe('42501');
	});

	test('remembers how far each has read', async () => {
		expect((await here.amina.client.rpc('mark_read', { conversation_id: conversation })).error).toBeNull();
		expect(await sees(here.youssef.client, 'conversation_reads', 'conversation_id', conversation)).toBeGreaterThan(0);
		expect((await here.bilal.client.rpc('mark_read', { conversation_id: conversation })).error?.message).toBe(
			'not_found'
		);
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

describe('accounts', () => {
	test('people read and change their own profile, staff with the right read all', async () => {
		expect(await sees(here.amina.client, 'profiles', 'id', here.amina.id)).toBe(1);
		expect(await sees(here.amina.client, 'profiles', 'id', here.bilal.id)).toBe(0);
		expect(await sees(here.youssef.client, 'profiles', 'id', here.amina.id)).toBe(0);
		expect(await sees(here.admin.client, 'profiles', 'id', here.amina.id)).toBe(1);
		expect(await sees(here.visitor, 'profiles', 'id', here.amina.id)).toBe(0);
		const mine = await here.amina.client
			.from('profiles')
			.update({ full_name: 'Amina B.' })
			.eq('id', here.amina.id)
			.select('full_name');
		expect(mine.data).toEqual([{ full_name: 'Amina B.' }]);
		const other = await here.bilal.client
			.from('profiles')
			.update({ full_name: 'X' })
			.eq('id', here.amina.id)
			.select('id');
		expect(other.data).toEqual([]);
	});

	test('nobody gives themselves a role or a membership', async () => {
		for (const person of [here.amina, here.youssef, here.moderator, here.admin]) {
			const role = await person.client.from('user_roles').insert({ user_id: person.id, role: 'super_admin' });
			expect(role.error?.code).toBe('42501');
			const membership = await person.client
				.from('provider_members')
				.insert({ provider_id: here.salon.id, user_id: person.id, role: 'owner' });
			expect(membership.error?.code).toBe('42501');
		}
	});

	test('a role taken away works at once, not at the token’s end', async () => {
		expect(await sees(here.moderator.client, 'bookings', 'id', booking)).toBe(1);
		await here.db`delete from user_roles where user_id = ${here.moderator.id}`;
		expect(await sees(here.moderator.client, 'bookings', 'id', booking)).toBe(0);
		await here.db`insert into user_roles (user_id, role) values (${here.moderator.id}, 'moderator')`;
	});
});

describe('the catalogue', () => {
	test('is read by everyone once published, and a draft by its people alone', async () => {
		expect(await sees(here.visitor, 'services', 'id', here.plumber.service)).toBe(1);
		await here.db`update providers set status = 'draft' where id = ${here.salon.id}`;
		for (const table of ['providers', 'services', 'resources', 'opening_hours']) {
			const column = table === 'providers' ? 'id' : 'provider_id';
			expect(await sees(here.visitor, table, column, here.salon.id)).toBe(0);
			expect(await sees(here.amina.client, table, column, here.salon.id)).toBe(0);
			expect(await sees(here.zineb.client, table, column, here.salon.id)).toBeGreaterThan(0);
		}
		await here.db`update providers set status = 'published' where id = ${here.salon.id}`;
	});

	test('is changed by its owner, not by staff or another owner, and never its status or verification', async () => {
		const rename = (client: Client) =>
			client.from('services').update({ price_minor: 1 }).eq('id', here.plumber.service).select('id');
		expect((await rename(here.karim.client)).data).toEqual([]);
		expect((await rename(here.zineb.client)).data).toEqual([]);
		expect((await rename(here.visitor)).error?.code).toBe('42501');
		expect((await rename(here.youssef.client)).data).toHaveLength(1);
		const trust = await here.youssef.client
			.from('providers')
			.update({ verified_at: new Date().toISOString() })
			.eq('id', here.plumber.id);
		expect(trust.error?.code).toBe('42501');
	});

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
});

describe('live topics', () => {
	/** How joining a private topic ends for somebody. */
	async function join(client: Client, topic: string): Promise<string> {
		await client.realtime.setAuth();
		const channel = client.channel(topic, { config: { private: true } });
		const ended = await new Promise<string>((resolve) =>
			channel.subscribe((status) => {
				if (status !== 'CLOSED') resolve(status);
			})
		);
		await client.removeChannel(channel);
		return ended;
	}

	test.each([
		['user', () => here.amina.id, ['amina']],
		['provider', () => here.plumber.id, ['youssef', 'karim']],
		['conversation', () => conversation, ['amina', 'youssef', 'karim']],
		['service', () => here.plumber.service, ['amina', 'bilal', 'youssef', 'karim', 'zineb', 'moderator', 'admin']]
	] as const)('%s: is joined by those it is for', async (kind, id, allowed) => {
		for (const name of ['amina', 'bilal', 'youssef', 'karim', 'zineb', 'moderator', 'admin'] as const) {
			const expected = (allowed as readonly string[]).includes(name) ? 'SUBSCRIBED' : 'CHANNEL_ERROR';
			expect([name, await join(here[name].client, `${kind}:${id()}`)]).toEqual([name, expected]);
		}
		expect(await join(here.visitor, `${kind}:${id()}`)).toBe(kind === 'service' ? 'SUBSCRIBED' : 'CHANNEL_ERROR');
	});
});
