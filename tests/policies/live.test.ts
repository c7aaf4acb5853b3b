import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { project } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood } from './people.ts';

let here: Neighbourhood;

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

/** What somebody hears on a topic, from the moment they have joined. */
async function listen(client: Client, topic: string, event: string): Promise<Record<string, unknown>[]> {
	const heard: Record<string, unknown>[] = [];
	await client.realtime.setAuth();
	// a connection knows each topic once: what an earlier test heard there is over
	const earlier = client.getChannels().find((one) => one.topic === `realtime:${topic}`);
	if (earlier) await client.removeChannel(earlier);
	const channel = client.channel(topic, { config: { private: true } });
	channel.on('broadcast', { event }, ({ payload }) => heard.push(payload as Record<string, unknown>));
	await new Promise<void>((resolve, reject) =>
		channel.subscribe((status, error) => {
			if (status === 'SUBSCRIBED') resolve();
			else if (status === 'CHANNEL_ERROR') reject(error ?? new Error(status));
		})
	);
	return heard;
}

const soon = { timeout: 2000, interval: 25 };

test('a booking reaches the provider’s screens, the customer’s, and as a bare hint whoever looks at the service', async () => {
	const provider = await listen(here.karim.client, `provider:${here.plumber.id}`, 'booking_changed');
	const customer = await listen(here.amina.client, `user:${here.amina.id}`, 'booking_changed');
	const bell = await listen(here.youssef.client, `user:${here.youssef.id}`, 'notification');
	const looker = await listen(here.visitor, `service:${here.plumber.freeService}`, 'slots_changed');
	// another service of the same staff
	const beside = await listen(here.visitor, `service:${here.plumber.service}`, 'slots_changed');
	const starts_at = await localInstant(here.db, 2, '10:00');
	const { data } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.freeService,
		starts_at,
		idempotency_key: randomUUID()
	});
	await expect.poll(() => provider.length, soon).toBe(1);
	await expect.poll(() => customer.length, soon).toBe(1);
	await expect.poll(() => bell.length, soon).toBe(1);
	await expect.poll(() => looker.length, soon).toBe(1);
	await expect.poll(() => beside.length, soon).toBe(1);
	expect(provider[0]).toMatchObject({ booking_id: data!.booking_id, status: 'pending' });
	expect(bell[0]).toMatchObject({ kind: 'booking_requested' });
	// that it is so, by ids and kinds; what it is, each reads with their own rights
	expect(Object.keys(provider[0]!).sort()).toEqual(['booking_id', 'id', 'status']);
	expect(Object.keys(bell[0]!).sort()).toEqual(['id', 'kind', 'notification_id']);
	expect(Object.keys(looker[0]!)).toEqual(['id']);

	await here.youssef.client.rpc('transition_booking', { booking_id: data!.booking_id!, to_status: 'confirmed' });
	await expect.poll(() => customer.at(-1)?.status, soon).toBe('confirmed');
});

test('a closure reaches whoever looks at a service of its provider, and nobody at another’s', async () => {
	const looker = await listen(here.visitor, `service:${here.salon.service}`, 'slots_changed');
	const elsewhere = await listen(here.bilal.client, `service:${here.plumber.service}`, 'slots_changed');
	const from = await localInstant(here.db, 20, '10:00');
	const closed = await here.zineb.client
		.from('closures')
		.insert({ provider_id: here.salon.id, period: `[${from},${await localInstant(here.db, 20, '12:00')})` });
	expect(closed.error).toBeNull();
	await expect.poll(() => looker.length, soon).toBe(1);
	await here.zineb.client.from('closures').delete().eq('provider_id', here.salon.id);
	await expect.poll(() => looker.length, soon).toBe(2);
	expect(elsewhere).toEqual([]);
});

test('a session that moves or is called off reaches its team’s screens and whoever looks at its service', async () => {
	const { db, plumber } = here;
	const [session] = await db<{ id: string; service_id: string }[]>`
		with room as (
			insert into resources (provider_id, kind, name, capacity) values (${plumber.id}, 'room', 'R', 9) returning id
		), service as (
			insert into services (provider_id, mode, name_fr, duration_minutes, price_minor)
			values (${plumber.id}, 'session', 'Stage', 60, 0) returning id
		)
		insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
		select ${plumber.id}, s.id, r.id, now() + interval '5 days', now() + interval '6 days', 5 from room r, service s
		returning id, service_id`;
	const team = await listen(here.karim.client, `provider:${plumber.id}`, 'calendar_changed');
	const looker = await listen(here.visitor, `service:${session!.service_id}`, 'slots_changed');
	// That it was planned may still be on its way.
	await new Promise((go) => setTimeout(go, 1000));
	team.length = 0;
	looker.length = 0;
	const starts_at = await localInstant(db, 8, '10:00');
	const moved = await here.youssef.client.rpc('move_session', { session_id: session!.id, starts_at });
	expect(moved.error).toBeNull();
	await expect.poll(() => [team.length, looker.length], soon).toEqual([1, 1]);
	expect((await here.youssef.client.rpc('cancel_session', { session_id: session!.id })).error).toBeNull();
	await expect.poll(() => [team.length, looker.length], soon).toEqual([2, 2]);
	expect(Object.keys(team[0]!)).toEqual(['id']);
});

test('a message reaches the other side, and a refused booking reaches nobody', async () => {
	const first = await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body: 'Salam' });
	const topic = `conversation:${first.data!.conversation_id}`;
	const heard = await listen(here.youssef.client, topic, 'message');
	const reads = await listen(here.amina.client, topic, 'read');
	const sent = await here.amina.client.rpc('send_message', {
		conversation_id: first.data!.conversation_id,
		body: 'ça va ?'
	});
	await expect.poll(() => heard.at(-1)?.message_id, soon).toBe(sent.data!.id);
	expect(Object.keys(heard.at(-1)!).sort()).toEqual(['id', 'message_id']);
	await here.youssef.client.rpc('mark_read', { conversation_id: first.data!.conversation_id });
	await expect.poll(() => reads.at(-1)?.user_id, soon).toBe(here.youssef.id);
	expect(Object.keys(reads.at(-1)!).sort()).toEqual(['id', 'user_id']);

	const provider = await listen(here.zineb.client, `provider:${here.salon.id}`, 'booking_changed');
	const refused = await here.bilal.client.rpc('create_booking', {
		service_id: here.salon.service,
		starts_at: await localInstant(here.db, 2, '23:00'),
		address: { line: '3 rue des Orangers' },
		idempotency_key: randomUUID()
	});
	expect(refused.error?.message).toBe('outside_hours');
	const made = await here.bilal.client.rpc('create_booking', {
		service_id: here.salon.service,
		starts_at: await localInstant(here.db, 2, '11:00'),
		address: { line: '3 rue des Orangers' },
		idempotency_key: randomUUID()
	});
	await expect.poll(() => provider.map(({ booking_id }) => booking_id), soon).toEqual([made.data!.booking_id]);
});

test('what a person reads on one screen is told to that person’s others, and to nobody else', async () => {
	await here.db`insert into notifications (user_id, kind) values (${here.karim.id}, 'booking_made')`;
	const his = await listen(here.karim.client, `user:${here.karim.id}`, 'notifications_read');
	const hers = await listen(here.zineb.client, `user:${here.zineb.id}`, 'notifications_read');
	await here.karim.client.from('notifications').update({ read_at: new Date().toISOString() }).is('read_at', null);
	await expect.poll(() => his.length, soon).toBe(1);
	// Reading again what is read is no news.
	await here.karim.client.from('notifications').update({ read_at: new Date().toISOString() }).is('read_at', null);
	await here.db`insert into notifications (user_id, kind) values (${here.zineb.id}, 'booking_made')`;
	await here.zineb.client.from('notifications').update({ read_at: new Date().toISOString() }).is('read_at', null);
	await expect.poll(() => hers.length, soon).toBe(1);
	expect(his).toHaveLength(1);
});

test('what a client says is heard beside a conversation alone, and never as if the database had said it', async () => {
	const first = await here.amina.client.rpc('send_message', { provider_id: here.salon.id, body: 'Salam' });
	const topic = `conversation:${first.data!.conversation_id}`;
	const heard = await listen(here.zineb.client, topic, 'message');
	const bell = await listen(here.zineb.client, `user:${here.zineb.id}`, 'rights_changed');
	const typing = await listen(here.zineb.client, `${topic}:presence`, 'typing');
	const payload = { message_id: first.data!.id, id: first.data!.id, body: 'forged', side: 'customer' };
	const { data } = await here.amina.client.auth.getSession();
	const messages = [
		topic,
		`user:${here.zineb.id}`,
		`provider:${here.salon.id}`,
		`service:${here.salon.service}`
	].flatMap((name) =>
		['message', 'rights_changed', 'slots_changed'].flatMap((event) =>
			[true, false].map((secret) => ({ topic: name, event, payload, private: secret }))
		)
	);
	await fetch(`${project.url}/realtime/v1/api/broadcast`, {
		method: 'POST',
		body: JSON.stringify({ messages }),
		headers: {
			...{ apikey: project.publishableKey, authorization: `Bearer ${data.session!.access_token}` },
			'content-type': 'application/json'
		}
	});
	await here.amina.client.realtime.setAuth();
	const open = here.amina.client.channel(topic, { config: { private: true } });
	await new Promise<void>((resolve) => open.subscribe((status) => status === 'SUBSCRIBED' && resolve()));
	await open.send({ type: 'broadcast', event: 'message', payload });
	const beside = here.amina.client.channel(`${topic}:presence`, { config: { private: true } });
	await new Promise<void>((resolve) => beside.subscribe((status) => status === 'SUBSCRIBED' && resolve()));
	await beside.send({ type: 'broadcast', event: 'typing', payload: { side: 'customer' } });
	await expect.poll(() => typing.length, soon).toBe(1);
	const told = await here.amina.client.rpc('send_message', {
		conversation_id: first.data!.conversation_id,
		body: 'truly'
	});
	await expect.poll(() => heard.map(({ message_id }) => message_id), soon).toEqual([told.data!.id]);
	expect(bell).toEqual([]);
});

test('a topic is joined by its exact name alone', async () => {
	const { data } = await here.amina.client.rpc('send_message', { provider_id: here.plumber.id, body: 'Salam' });
	const talk = data!.conversation_id;
	for (const topic of [
		`conversation:${talk}:other`,
		`conversation:${talk}:presence:x`,
		`conversation:${talk.toUpperCase()}`,
		`conversation:{${talk}}`,
		`conversation: ${talk}`,
		`conversation:${talk}\n`,
		`user:${here.amina.id}:presence`,
		`service:${here.plumber.service}:presence`,
		'conversation:',
		'other'
	]) {
		const joined = await listen(here.amina.client, topic, 'message').then(
			() => 'joined',
			() => 'refused'
		);
		expect([topic, joined]).toEqual([topic, 'refused']);
	}
});

test('who leaves a team hears of it, may not join again, and is shut out where a new token is shown', async () => {
	const { client, id } = here.bilal;
	await here.db`insert into provider_members (provider_id, user_id, role) values (${here.salon.id}, ${id}, 'staff')`;
	const mine = await listen(client, `user:${id}`, 'rights_changed');
	await listen(client, `provider:${here.salon.id}`, 'booking_changed');
	await here.db`delete from provider_members where provider_id = ${here.salon.id} and user_id = ${id}`;
	await expect.poll(() => mine.map(({ provider_id }) => provider_id), soon).toEqual([here.salon.id]);
	const still = client.getChannels().find(({ topic }) => topic === `realtime:provider:${here.salon.id}`)!;
	await client.auth.refreshSession();
	await client.realtime.setAuth();
	await expect.poll(() => still.state, soon).not.toBe('joined');
	await client.removeChannel(still);
	await expect(listen(client, `provider:${here.salon.id}`, 'booking_changed')).rejects.toThrow();
});

test('a provider’s suspension is told to its team', async () => {
	const heard = await listen(here.zineb.client, `user:${here.zineb.id}`, 'rights_changed');
	await here.db`update providers set status = 'suspended' where id = ${here.salon.id}`;
	await expect.poll(() => heard.length, soon).toBe(1);
	await here.db`update providers set status = 'published' where id = ${here.salon.id}`;
	await expect.poll(() => heard.length, soon).toBe(2);
});
