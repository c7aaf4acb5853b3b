import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { account } from 'supabase-embedded/testing';
import { runJob } from '../load/jobs.ts';
import { makeCourses } from './courses.ts';
import type { Client } from './people.ts';
import { dispute, paid, refund } from './stripe.ts';

// What a change promises until it is accepted and paid for: that else the booking stays as it was, at the terms it had.
// The cancellation policy is `moderate`: all comes back until a day before, half until four hours before.
const { here, open, asked, session, apply, pay, hold, places, state, change, cancel, move, broken, lapseTopUp, wait } =
	await makeCourses();
afterAll(() => here.close());
afterEach(
	() => here.db`update bookings set top_up_by = now() where customer_id = ${here.amina.id} and top_up_by > now()`
);

describe('a change that nobody answers', () => {
	test('to more people leaves the booking to those who were accepted, also where it has begun', async () => {
		const { id } = await places(asked, 2, 1);
		await change(id, { party_size: 3 });
		await pay(id);
		expect(await state(id)).toMatchObject({ status: 'pending', party_size: 3, refund_if_cancelled_minor: 10_000 });
		await wait(id, 1);
		await runJob(here.db, 'lapse requests');
		expect(await state(id)).toMatchObject({
			status: 'confirmed',
			party_size: 2,
			// what was paid for the third alone
			refund_minor: 10_000,
			refund_if_cancelled_minor: 0
		});
		expect(await broken(id)).toEqual([]);
	});

	test('is over by half of the time that is left, so that it is known in time', async () => {
		const { id, at } = await places(asked, 2, 10);
		const { answer_by } = await change(id, { starts_at: (await session(asked, 300)).starts_at });
		const half = (Date.parse(at.starts_at) - Date.now()) / 2;
		expect(Math.abs(Date.parse(answer_by!) - Date.now() - half)).toBeLessThan(60_000);
		await here.db`update bookings set answer_by = now() - interval '1 second' where id = ${id}`;
		const late = await here.amina.client.rpc('reschedule_booking', {
			booking_id: id,
			starts_at: (await session(asked, 310)).starts_at
		});
		expect(late.error).toMatchObject({ code: 'PT409', message: 'invalid_transition', details: 'no_answer' });
		await runJob(here.db, 'lapse requests');
		expect(await state(id)).toMatchObject({
			status: 'confirmed',
			starts_at: expect.stringContaining(at.starts_at.slice(0, 16))
		});
	});
});

describe('the place that a change leaves', () => {
	test('is another time where its business has moved it meanwhile: it may be left with all back', async () => {
		const { id, at } = await places(asked, 2, 2);
		await change(id, { starts_at: (await session(asked, 300)).starts_at });
		const moved = await here.zineb.client.rpc('move_session', {
			session_id: at.id,
			starts_at: new Date(Date.parse(at.starts_at) + 3_600_000).toISOString()
		});
		expect(moved.error).toBeNull();
		// who waits there would be let down as well
		expect(await state(id)).toMatchObject({ refund_if_cancelled_minor: 20_000 });
		expect(await move(asked, id, 'rejected')).toMatchObject({ status: 'confirmed', free_to_cancel: true });
		const [told] = await here.db`
			select moved_from from booking_events where booking_id = ${id} and reason = 'rescheduled' and actor = 'provider'`;
		expect((told!.moved_from as Date).toISOString()).toBe(at.starts_at);
		expect(await cancel(id)).toMatchObject({ refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});

	test.each([
		['is left by its customer', (id: string) => cancel(id)],
		['is declined', (id: string) => move(asked, id, 'rejected')]
	])('gives all back where its business has called it off, and the change %s', async (_, end) => {
		const { id, at } = await places(asked, 2, 2);
		await change(id, { starts_at: (await session(asked, 300)).starts_at });
		const { error } = await here.zineb.client.rpc('cancel_session', { session_id: at.id, reason: 'malade' });
		expect(error).toBeNull();
		expect(await end(id)).toMatchObject({ refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('with a number is kept as long as a dearer one is not paid for, and free once it is', async () => {
		const at = await session(open, 100, ['standard']);
		const far = await session(open, 301, ['vip']);
		await here.db`
			insert into seat_prices (provider_id, service_id, category, price_minor)
			values (${open.provider}, ${open.service}, 'standard', 20000), (${open.provider}, ${open.service}, 'vip', 90000)
			on conflict do nothing`;
		const id = await hold(here.amina.client, open, at.id, 1, { seats: ['A1'] });
		await pay(id);
		await change(id, { starts_at: far.starts_at });
		const other = () =>
			here.bilal.client.rpc('create_booking', {
				service_id: open.service,
				session_id: at.id,
				seats: ['A1'],
				idempotency_key: randomUUID()
			});
		expect((await other()).error).toMatchObject({ message: 'seat_taken' });
		expect(await broken(id)).toEqual([]);
		await pay(id);
		expect((await other()).error).toBeNull();
		expect(await broken(id)).toEqual([]);
	});

	test('is none any more where it was called off: a dearer one that is not paid for may be left with all back', async () => {
		const at = await session(open, 2, ['standard']);
		const far = await session(open, 300, ['vip']);
		await here.db`
			insert into seat_prices (provider_id, service_id, category, price_minor)
			values (${open.provider}, ${open.service}, 'standard', 20000), (${open.provider}, ${open.service}, 'vip', 90000)
			on conflict do nothing`;
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: open.service,
			session_id: at.id,
			seats: ['A1'],
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		await change(id, { starts_at: far.starts_at });
		await here.youssef.client.rpc('cancel_session', { session_id: at.id, reason: 'malade' });
		await lapseTopUp(id);
		expect(await cancel(id)).toMatchObject({ refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('what a change gives back when it is accepted', () => {
	test('is reckoned from what is there then: a refund made in Stripe’s dashboard counts', async () => {
		const { id, payment } = await places(asked, 2, 100);
		await change(id, { starts_at: (await session(asked, 300)).starts_at, party_size: 1 });
		await apply(refund(payment, { amount: 10_000 }));
		expect(await move(asked, id, 'confirmed')).toMatchObject({ refund_minor: 10_000, party_size: 1 });
		expect(await broken(id)).toEqual([]);
	});

	test('is not lost to a dispute that is won', async () => {
		const { id, payment } = await places(asked, 2, 100);
		await change(id, { starts_at: (await session(asked, 300)).starts_at, party_size: 1 });
		const about = `du_${randomUUID()}`;
		await apply(dispute(payment, about, 'created', { amount: 20_000 }));
		await apply(dispute(payment, about, 'funds_withdrawn', { amount: 20_000 }));
		await move(asked, id, 'confirmed');
		await apply(dispute(payment, about, 'funds_reinstated', { amount: 20_000 }));
		await apply(dispute(payment, about, 'closed', { amount: 20_000 }));
		const [sum] = await here.db`
			select sum(amount_minor)::int as owed from refunds
			where booking_id = ${id} and reason = 'party_changed' and status not in ('failed', 'canceled')`;
		expect(sum).toEqual({ owed: 10_000 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('a request that nobody has accepted yet', () => {
	test('is withdrawn with all back', async () => {
		const at = await session(asked, 2);
		const id = await hold(here.amina.client, asked, at.id, 2);
		await pay(id);
		expect(await state(id)).toMatchObject({ status: 'pending', refund_if_cancelled_minor: 20_000 });
		expect(await cancel(id)).toMatchObject({ refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('a hold', () => {
	test('that nothing is paid for gives up nothing by being moved', async () => {
		const at = await session(open, 2);
		const id = await hold(here.amina.client, open, at.id, 2);
		await change(id, { starts_at: (await session(open, 300)).starts_at });
		await pay(id);
		expect(await state(id)).toMatchObject({ status: 'confirmed', refund_if_cancelled_minor: 20_000 });
	});

	test('that lapsed comes back for nobody: who has deleted their account gets their money back', async () => {
		const gone = await account('gone');
		const at = await session(open, 200);
		const id = await hold(gone.client as Client, open, at.id, 1);
		const { data: payment } = await gone.client.rpc('begin_payment', { booking_id: id });
		await here.db`update bookings set hold_expires_at = now() - interval '1 second' where id = ${id}`;
		await runJob(here.db, 'expire holds');
		await here.db`delete from auth.users where id = ${gone.id}`;
		await apply(paid(payment!.payment_id!, { amount_total: 10_000 }));
		expect(await here.db`select status, refund_minor::int from bookings where id = ${id}`).toEqual([
			{ status: 'expired', refund_minor: 10_000 }
		]);
		expect(await broken(id)).toEqual([]);
	});
});

describe('a cancellation', () => {
	test('gives back what was said, or does not happen', async () => {
		const { id } = await places(open, 2, 10);
		const told = (await state(id)).refund_if_cancelled_minor!;
		expect(told).toBe(10_000);
		await wait(id, 8);
		const late = await here.amina.client.rpc('cancel_booking', { booking_id: id, expected_refund_minor: told });
		expect(late.status).toBe(409);
		expect(late.error).toMatchObject({ message: 'price_changed', details: 'expected_refund_minor', hint: '0' });
		expect(await state(id)).toMatchObject({ status: 'confirmed', refund_minor: 0 });
		const agreed = await here.amina.client.rpc('cancel_booking', { booking_id: id, expected_refund_minor: 0 });
		expect(agreed.data).toMatchObject({ status: 'cancelled', refund_minor: 0 });
	});
});

describe('what was agreed', () => {
	test('holds for the code that was used, whatever its business makes of it later', async () => {
		const code = `HALF${randomUUID().slice(0, 6).toUpperCase()}`;
		await here.db`insert into promo_codes (provider_id, code, percent) values (${open.provider}, ${code}, 50)`;
		const { id } = await places(open, 4, 100, { promo_code: code });
		expect(await state(id)).toMatchObject({ total_minor: 20_000 });
		await here.db`update promo_codes set min_price_minor = 80000 where code = ${code}`;
		await change(id, { party_size: 2 });
		expect(await change(id, { party_size: 3 })).toMatchObject({ total_minor: 15_000 });
	});

	test('is a length too: what is shorter by now is asked anew', async () => {
		const { id } = await places(open, 1, 100);
		// at a start of its own: of several sessions that begin together any may be taken
		const far = await session(open, 311);
		const to = { booking_id: id, starts_at: far.starts_at };
		const { data: quote } = await here.amina.client.rpc('quote_change', to);
		await here.db`update sessions set ends_at = starts_at + interval '5 minutes' where id = ${far.id}`;
		const refused = await here.amina.client.rpc('reschedule_booking', { ...to, expected_terms: quote!.terms! });
		expect(refused.error).toMatchObject({ message: 'price_changed', details: 'expected_terms' });
	});

	test('may be left with all back where its business wants fewer people', async () => {
		const { id } = await places(open, 4, 2);
		await change(id, { party_size: 1 }, here.youssef.client);
		expect(await state(id)).toMatchObject({
			free_to_cancel: true,
			refund_minor: 30_000,
			refund_if_cancelled_minor: 10_000
		});
		expect(await cancel(id)).toMatchObject({ refund_minor: 40_000 });
		expect(await broken(id)).toEqual([]);
	});
});
