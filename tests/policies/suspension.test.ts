import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, project, service } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';
import { paid } from './stripe.ts';

let here: Neighbourhood;
/** another of the plumber's staff */
let salma: Person;

beforeAll(async () => {
	here = await makeNeighbourhood();
	salma = (await account('salma')) as Person;
	await here.db`insert into provider_members (provider_id, user_id, role) values (${here.plumber.id}, ${salma.id}, 'staff')`;
});
afterAll(() => here.close());

const feedStatus = async (secret: string) => (await fetch(`${project.url}/functions/v1/calendar/${secret}.ics`)).status;

async function feedOf(client: Client): Promise<string> {
	const { data, error } = await client.rpc('my_calendar_feed', { provider_id: here.plumber.id });
	if (error) throw error;
	return data;
}

/** A booking of Amina's whose deposit of 75 dirhams is paid. */
async function paidBooking(time: string): Promise<string> {
	const { data } = await here.amina.client.rpc('create_booking', {
		service_id: here.plumber.service,
		starts_at: await localInstant(here.db, 10, time),
		address: { line: '3 rue des Orangers' },
		idempotency_key: randomUUID()
	});
	const { data: payment } = await here.amina.client.rpc('begin_payment', { booking_id: data!.booking_id! });
	expect((await service().rpc('apply_stripe_event', { event: paid(payment!.payment_id!) })).data).toBe('pending');
	return data!.booking_id!;
}

describe('a suspended account', () => {
	test('has its calendar feed and its invitations closed, and open again when it is restored', async () => {
		const secret = await feedOf(here.karim.client);
		expect(await feedStatus(secret)).toBe(200);
		await here.admin.client.rpc('suspend_account', { user_id: here.karim.id, reason: 'essai' });
		expect(await feedStatus(secret)).toBe(404);
		await here.admin.client.rpc('restore_account', { user_id: here.karim.id });
		expect(await feedStatus(secret)).toBe(200);
	});

	test('is told nothing more of its business’s bookings', async () => {
		await here.db`update auth.users set banned_until = now() + interval '1 day' where id = ${here.karim.id}`;
		const { data } = await here.visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 11, '09:00'),
			guest: { name: 'Nadia', email: `nadia-${randomUUID()}@example.com` },
			idempotency_key: randomUUID()
		});
		const told = await here.db`select user_id from notifications where booking_id = ${data!.booking_id!}`;
		expect(told.map(({ user_id }) => user_id as string).toSorted()).toEqual([here.youssef.id, salma.id].toSorted());
		const mails =
			await here.db`select 1 from deliveries where recipient = ${here.karim.email} and data ->> 'reference' = ${data!.reference}`;
		expect(mails).toHaveLength(0);
		await here.db`update auth.users set banned_until = null where id = ${here.karim.id}`;
	});
});

describe('a suspended business', () => {
	let secret: string;
	let invitation: string;
	let booking: string;
	let calledOff: string;
	/** The reasons that somebody reads in the history of a booking that its customer has called off. */
	const said = async (client: Client) =>
		(
			await client.from('booking_events').select('reason').eq('booking_id', calledOff).eq('to_status', 'cancelled')
		).data!.map(({ reason }) => reason);

	beforeAll(async () => {
		secret = await feedOf(here.youssef.client);
		booking = await paidBooking('09:00');
		calledOff = await paidBooking('11:00');
		const ill = { booking_id: calledOff, reason: 'Je suis malade' };
		expect((await here.amina.client.rpc('cancel_booking', ill)).error).toBeNull();
		expect(await said(here.youssef.client)).toEqual(['Je suis malade']);
		const [made] = await here.db`
			insert into invitations (provider_id, email, role, invited_by)
			values (${here.plumber.id}, ${here.bilal.email}, 'staff', ${here.youssef.id})
			returning private.invitation_token(id) as token`;
		invitation = made!.token as string;
		const { error } = await here.moderator.client.rpc('suspend_provider', {
			provider_id: here.plumber.id,
			reason: 'essai'
		});
		expect(error).toBeNull();
	});

	test('has every door closed: contacts, invitations, codes, files, feeds, settings, messages', async () => {
		const { client } = here.youssef;
		expect(await feedStatus(secret)).toBe(404);
		expect((await here.visitor.rpc('get_invitation', { token: invitation })).error?.message).toBe('not_found');
		expect((await here.bilal.client.rpc('accept_invitation', { token: invitation })).error?.message).toBe('not_found');
		expect((await client.rpc('booking_contacts', { booking_ids: [booking] })).data).toEqual([]);
		for (const [name, args] of [
			['invite_member', { email: 'x@example.com', role: 'staff' }],
			['my_calendar_feed', {}],
			['renew_calendar_feed', {}],
			['provider_team', {}],
			['publish_provider', {}]
		] as const) {
			const { error } = await client.rpc(name, { provider_id: here.plumber.id, ...args } as never);
			expect([name, error?.message]).toEqual([name, 'not_allowed']);
		}
		const written = [
			await client.from('promo_codes').insert({ provider_id: here.plumber.id, code: 'FERME', percent: 10 }),
			await client
				.from('services')
				.insert({ provider_id: here.plumber.id, name_fr: 'Essai', duration_minutes: 60, price_minor: 1 }),
			await client.storage
				.from('photos')
				.upload(`${here.plumber.id}/${randomUUID()}.webp`, new Blob(['x'], { type: 'image/webp' }))
		];
		for (const { error } of written) expect(error).not.toBeNull();
		const { data: changed } = await client
			.from('providers')
			.update({ name: 'Autre' })
			.eq('id', here.plumber.id)
			.select('id');
		expect(changed).toEqual([]);
		const { data: talk } = await here.amina.client
			.from('conversations')
			.select('id')
			.eq('provider_id', here.plumber.id)
			.single();
		expect((await client.rpc('send_message', { conversation_id: talk!.id, body: 'Salam' })).error?.message).toBe(
			'not_found'
		);
	});

	test('lets its team see how it stands and what it has promised, and nothing by which to reach a customer', async () => {
		const { client } = here.youssef;
		const { data: provider } = await client.from('providers').select('status').eq('id', here.plumber.id).single();
		expect(provider!.status).toBe('suspended');
		const { data: listed } = await client.from('bookings').select('id').eq('id', booking);
		expect(listed).toHaveLength(1);
		const { data: seen } = await client.rpc('get_booking', { booking_id: booking });
		expect(seen).toMatchObject({
			viewer: 'provider',
			next_statuses: [],
			customer_email: null,
			customer_phone: null,
			address: null
		});
		for (const [name, args] of [
			['transition_booking', { to_status: 'confirmed' }],
			['cancel_booking', {}],
			['complete_booking', { completion_code: '000000' }]
		] as const) {
			const { error } = await client.rpc(name, { booking_id: booking, ...args } as never);
			expect([name, error?.message]).toEqual([name, 'not_found']);
		}
	});

	test('shows its team how its bookings went, and not what customers said', async () => {
		const steps = await here.youssef.client.from('booking_events').select('to_status').eq('booking_id', calledOff);
		expect(steps.data!.map(({ to_status }) => to_status)).toContain('pending');
		expect(await said(here.youssef.client)).toEqual([]);
		expect(await said(here.amina.client)).toEqual(['Je suis malade']);
	});

	test('leaves its customers their bookings: to see, to cancel, to have their money back', async () => {
		const { client } = here.amina;
		const { data: seen } = await client.rpc('get_booking', { booking_id: booking });
		expect(seen).toMatchObject({ status: 'pending', next_statuses: ['cancelled'], provider_name: 'Plomberie' });
		const moved = await client.rpc('reschedule_booking', {
			booking_id: booking,
			starts_at: await localInstant(here.db, 12, '09:00')
		});
		expect(moved.error).toMatchObject({ message: 'not_allowed', details: 'suspended' });
		const { data: cancelled } = await client.rpc('cancel_booking', { booking_id: booking });
		expect(cancelled).toMatchObject({ status: 'cancelled', refund_minor: 7500 });
	});

	test('can be left, and has all doors open again when it is restored', async () => {
		expect((await salma.client.rpc('leave_provider', { provider_id: here.plumber.id })).error).toBeNull();
		await here.moderator.client.rpc('restore_provider', { provider_id: here.plumber.id });
		expect(await feedStatus(secret)).toBe(200);
		expect((await here.visitor.rpc('get_invitation', { token: invitation })).data).toMatchObject([
			{ provider_id: here.plumber.id }
		]);
	});
});
