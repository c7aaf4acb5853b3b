import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../load/jobs.ts';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Neighbourhood } from './people.ts';

// What a booking is agreed on: its discount, the provider's time to answer, and the proof that it was done and paid.
let here: Neighbourhood;
const guest = { name: 'Zoubida', email: 'zoubida@example.com' };
const home = { line: '12 rue des Orangers' };

beforeAll(async () => {
	here = await makeNeighbourhood();
});
afterAll(() => here.close());

async function book(service: string, days: number, time: string, more: object = {}) {
	return here.visitor.rpc('create_booking', {
		service_id: service,
		starts_at: await localInstant(here.db, days, time),
		guest,
		address: home,
		idempotency_key: randomUUID(),
		...more
	});
}

describe('a promo code', () => {
	const code = (more: object) =>
		here.youssef.client.from('promo_codes').insert({ provider_id: here.plumber.id, ...more } as never);

	test('takes its share or sum off, and the deposit is of what is left', async () => {
		expect((await code({ code: 'AID20', percent: 20, max_uses_each: 3 })).error).toBeNull();
		expect((await code({ code: 'MOINS500', amount_minor: 50000 })).error).toBeNull();
		const ask = async (promo_code: string) =>
			(await here.visitor.rpc('quote_booking', { service_id: here.plumber.service, promo_code })).data;
		expect(await ask(' aid 20')).toMatchObject({ price_minor: 25000, discount_minor: 5000, deposit_minor: 6000 });
		expect(await ask('MOINS500')).toMatchObject({ price_minor: 25000, discount_minor: 25000, deposit_minor: 0 });
		const { data } = await book(here.plumber.service, 3, '09:00', { promo_code: 'AID20' });
		expect(data).toMatchObject({ status: 'held', amount_due_minor: 6000 });
	});

	test('is refused when unknown, over, of another, too large for the price, or used up', async () => {
		const { db } = here;
		await code({ code: 'UNEFOIS', percent: 10, max_uses: 1, max_uses_each: null });
		await code({ code: 'PETIT', percent: 10, min_price_minor: 1000000 });
		await code({ code: 'AUTRE', percent: 10, service_id: here.plumber.service });
		await db`
			insert into promo_codes (provider_id, code, percent, valid_from, valid_to)
			values (${here.plumber.id}, 'FINI', 10, now() - interval '2 days', now() - interval '1 day')`;
		const refused = async (promo_code: string, service = here.plumber.freeService, time = '10:00') =>
			(await book(service, 3, time, { promo_code })).error?.message;
		for (const typed of ['RIEN', 'PETIT', 'AUTRE', 'FINI', "'; drop table"]) {
			expect(await refused(typed)).toBe('promo_invalid');
		}
		expect(await refused('AID20', here.salon.service)).toBe('promo_invalid');

		const { data: first } = await book(here.plumber.freeService, 3, '11:00', { promo_code: 'UNEFOIS' });
		expect(await refused('UNEFOIS', here.plumber.freeService, '12:00')).toBe('promo_invalid');
		await here.visitor.rpc('cancel_booking', { manage_token: first!.manage_token! });
		expect(await refused('UNEFOIS', here.plumber.freeService, '12:00')).toBeUndefined();
	});

	test('with one use left is used once, however many ask at once', async () => {
		await code({ code: 'DERNIER', percent: 10, max_uses: 1, max_uses_each: null });
		const times = ['13:00', '14:00', '15:00', '16:00', '17:00', '18:00'];
		const answers = await Promise.all(
			times.map((time) => book(here.plumber.freeService, 4, time, { promo_code: 'DERNIER' }))
		);
		expect(answers.filter(({ error }) => !error)).toHaveLength(1);
		expect(new Set(answers.map(({ error }) => error?.message))).toEqual(new Set([undefined, 'promo_invalid']));
	});

	test('is the business of those who run the provider', async () => {
		for (const client of [here.karim.client, here.amina.client, here.zineb.client, here.admin.client]) {
			expect((await client.from('promo_codes').select('id').eq('provider_id', here.plumber.id)).data).toEqual([]);
			const made = await client
				.from('promo_codes')
				.insert({ provider_id: here.plumber.id, code: 'VOLE', percent: 100 });
			expect(made.error?.code).toBe('42501');
		}
		expect((await here.visitor.from('promo_codes').select('id')).error?.code).toBe('42501');
		const everywhere = await here.youssef.client.from('promo_codes').insert({ code: 'PARTOUT', percent: 100 });
		expect(everywhere.error?.code).toBe('42501');
	});
});

describe('what comes back', () => {
	test('is told with its last moments on the provider’s clocks, before booking and after', async () => {
		const starts = await localInstant(here.db, 10, '14:00');
		const { data: quote } = await here.visitor.rpc('quote_booking', {
			service_id: here.plumber.service,
			starts_at: starts
		});
		// moderate: all of 75 MAD until a day before, half until four hours before
		const steps = (sum: number) => [
			{ refund_percent: 100, refund_minor: sum, until_local: expect.stringMatching(/T14:00:00$/) },
			{ refund_percent: 50, refund_minor: sum / 2, until_local: expect.stringMatching(/T10:00:00$/) }
		];
		expect(quote!.refunds).toMatchObject(steps(7500));
		const { data: none } = await here.visitor.rpc('quote_booking', { service_id: here.plumber.service });
		expect(none!.refunds).toBeNull();
		const { data } = await book(here.plumber.service, 10, '14:00');
		const { data: mine } = await here.visitor.rpc('get_booking', { manage_token: data!.manage_token! });
		expect(mine!.refunds).toMatchObject(steps(0));
	});
});

describe('a request', () => {
	test('that is not answered in time lapses, and the money goes back', async () => {
		const { data } = await book(here.plumber.freeService, 5, '09:00');
		const id = data!.booking_id!;
		const [asked] =
			await here.db`select answer_by > now() + interval '23 hours' as tomorrow from bookings where id = ${id}`;
		expect(asked!.tomorrow).toBe(true);
		await runJob(here.db, 'lapse requests');
		const state = async () => (await here.visitor.rpc('get_booking', { manage_token: data!.manage_token! })).data!;
		expect((await state()).status).toBe('pending');
		await here.db`update bookings set answer_by = now() - interval '1 second' where id = ${id}`;
		await runJob(here.db, 'lapse requests');
		expect(await state()).toMatchObject({ status: 'rejected', resources: [], answer_by: null });
		const told = await here.youssef.client.from('notifications').select('kind').eq('booking_id', id);
		expect(told.data!.map(({ kind }) => kind).sort()).toEqual(['booking_requested', 'request_lapsed']);
	});
});

describe('the completion code', () => {
	test('is seen by the customer alone, and closes the job as paid on site, once', async () => {
		const { data } = await book(here.plumber.freeService, 6, '09:00');
		const id = data!.booking_id!;
		const asGuest = async () => (await here.visitor.rpc('get_booking', { manage_token: data!.manage_token! })).data!;
		expect((await asGuest()).completion_code).toBeNull();
		await here.youssef.client.rpc('transition_booking', { booking_id: id, to_status: 'confirmed' });
		await here.db`
			update bookings set starts_at = now() + interval '20 minutes', ends_at = now() + interval '80 minutes' where id = ${id}`;
		await here.youssef.client.rpc('transition_booking', { booking_id: id, to_status: 'in_progress' });
		const { completion_code: code, due_on_site_minor: due } = await asGuest();
		expect(code).toMatch(/^[0-9]{6}$/);
		expect(due).toBe(15000);
		for (const client of [here.youssef.client, here.karim.client, here.moderator.client]) {
			expect((await client.rpc('get_booking', { booking_id: id })).data).toMatchObject({ completion_code: null });
		}
		const close = (client: Neighbourhood['visitor'], completion_code: string) =>
			client.rpc('complete_booking', { booking_id: id, completion_code });
		const wrong = await close(here.karim.client, code === '000000' ? '000001' : '000000');
		expect(wrong.error).toMatchObject({ message: 'invalid_input', details: 'completion_code' });
		expect((await close(here.zineb.client, code!)).error?.message).toBe('not_found');
		expect((await close(here.visitor, code!)).error?.code).toBe('42501');
		const done = await close(here.karim.client, ` ${code!.slice(0, 3)} ${code!.slice(3)}`);
		expect(done.data).toMatchObject({ status: 'completed', paid_on_site_minor: 15000, due_on_site_minor: 0 });
		expect((await close(here.karim.client, code!)).error?.message).toBe('invalid_transition');
	});
});

describe('a booking that is moved', () => {
	test('is told of to both sides', async () => {
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(here.db, 8, '09:00'),
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await here.amina.client.rpc('reschedule_booking', {
			booking_id: id,
			starts_at: await localInstant(here.db, 8, '11:00')
		});
		const kinds = async (client: Neighbourhood['visitor']) =>
			(await client.from('notifications').select('kind').eq('booking_id', id)).data!.map(({ kind }) => kind).sort();
		expect(await kinds(here.amina.client)).toEqual(['booking_moved', 'booking_received']);
		expect(await kinds(here.youssef.client)).toEqual(['booking_moved_by_customer', 'booking_requested']);
	});
});
