import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { service } from 'supabase-embedded/testing';
import { runJob } from '../load/jobs.ts';
import { Dice } from '../load/random.ts';
import { makeCourses } from './courses.ts';
import { localInstant } from './people.ts';
import type { Client } from './people.ts';
import { dispute, paid, refund } from './stripe.ts';

// What becomes of a booking and its money when it changes: in steps, back again, by its provider, or refused.
// The cancellation policy is `moderate`: all comes back until a day before, half until four hours before.
const {
	here,
	open,
	asked,
	session,
	apply,
	pay,
	places,
	state,
	change,
	cancel,
	move,
	broken,
	orders,
	priced,
	lapseTopUp,
	wait
} = await makeCourses();
const stripe = service() as Client;
afterAll(() => here.close());
// what one test leaves unpaid is not counted in the next
afterEach(
	() => here.db`update bookings set top_up_by = now() where customer_id = ${here.amina.id} and top_up_by > now()`
);

describe('a booking given up in steps', () => {
	test('gives back no more than one given up at once', async () => {
		const { id } = await places(open, 10, 10);
		let before = 0;
		for (const party_size of [1, 2, 1, 2, 1, 2, 1, 2, 1]) {
			const { refund_minor } = await change(id, { party_size });
			expect(refund_minor).toBeGreaterThanOrEqual(before);
			if (party_size === 2) expect(refund_minor).toBe(before);
			before = refund_minor!;
		}
		expect(before).toBe(45_000);
		expect(await state(id)).toMatchObject({ refund_if_cancelled_minor: 5_000, due_on_site_minor: 0 });
		expect(await cancel(id)).toMatchObject({ refund_minor: 50_000 });
		expect(await broken(id)).toEqual([]);
	});

	test.each([1, 2, 3, 4, 5, 6])('whatever the steps are (%i)', async (seed) => {
		const dice = new Dice(seed);
		const { id } = await places(open, dice.int(1, 10), 10);
		for (let step = 0; step < 8; step++) {
			const was = await state(id);
			const party_size = dice.int(1, 12);
			const now = await change(id, { party_size });
			if (party_size > was.party_size!) expect(now.refund_minor).toBe(was.refund_minor);
			if (party_size < was.party_size!) expect(now.amount_due_minor).toBeLessThanOrEqual(was.amount_due_minor!);
			if (now.amount_due_minor! > 0) {
				const what = dice.int(1, 4);
				if (what <= 2) await pay(id);
				if (what === 3) await lapseTopUp(id);
			}
			const { paid_minor, refund_minor, refund_if_cancelled_minor } = await state(id);
			// half of all that ever came, but for what is lost by rounding
			expect(refund_minor! + refund_if_cancelled_minor!).toBeLessThanOrEqual(paid_minor! / 2);
		}
		const { paid_minor, refund_minor } = await cancel(id);
		expect(refund_minor).toBeLessThanOrEqual(paid_minor! / 2);
		expect(refund_minor).toBeGreaterThan(paid_minor! / 2 - 10);
		expect(await broken(id)).toEqual([]);
	});

	test('comes back whole where the business itself lets its customer down', async () => {
		const { id } = await places(open, 10, 10);
		await change(id, { party_size: 1 });
		await change(id, { party_size: 5 });
		expect(await cancel(id, open.owner.client)).toMatchObject({ refund_minor: 100_000 });
	});
});

test('another number of people is told as that, with what is to be paid', async () => {
	const { id } = await places(open, 2, 100);
	await change(id, { party_size: 3 });
	const [mail] = await here.db<{ kind: string; party: number; due: string }[]>`
		select kind, (data ->> 'party')::int as party, data ->> 'due' as due from deliveries
		where booking_id = ${id} and account_id = ${here.amina.id} order by created_at desc limit 1`;
	expect(mail).toEqual({ kind: 'party_changed', party: 3, due: '100.00 MAD' });
	const { data: told } = await open.owner.client.from('notifications').select('kind').eq('booking_id', id);
	expect(told!.map(({ kind }) => kind)).toContain('booking_party_changed');
});

describe('a price that was agreed', () => {
	test.each([50_000, 1_000])(
		'holds where the rest of a larger party is never paid, whatever it is today (%i)',
		async (price) => {
			const { id } = await places(open, 2, 100);
			await change(id, { party_size: 4 });
			await priced(open, price, () => lapseTopUp(id));
			expect(await state(id)).toMatchObject({
				party_size: 2,
				price_minor: 20_000,
				deposit_minor: 20_000,
				due_on_site_minor: 0,
				refund_minor: 0
			});
			expect(await broken(id)).toEqual([]);
		}
	);

	test('holds for those who stay: more people cost what they cost today, fewer their share', async () => {
		const { id } = await places(open, 2, 100);
		await priced(open, 50_000, async () => {
			expect(await change(id, { party_size: 3 })).toMatchObject({ price_minor: 70_000, amount_due_minor: 50_000 });
			expect(await change(id, { party_size: 2 })).toMatchObject({ price_minor: 20_000, amount_due_minor: 0 });
			expect(await change(id, { party_size: 1 })).toMatchObject({ price_minor: 10_000, refund_minor: 10_000 });
		});
		await priced(open, 1_000, async () => {
			expect(await change(id, { party_size: 2 })).toMatchObject({ price_minor: 11_000, refund_minor: 10_000 });
		});
		expect(await broken(id)).toEqual([]);
	});

	test('is not asked again of fewer people, when a deposit was given back by the platform', async () => {
		const { id, payment } = await places(open, 2, 100);
		await apply(refund(payment, { amount: 20_000 }));
		expect(await change(id, { party_size: 1 })).toMatchObject({
			amount_due_minor: 0,
			top_up_by: null,
			price_minor: 10_000
		});
		await runJob(here.db, 'lapse top-ups');
		expect((await state(id)).party_size).toBe(1);
	});

	test('is asked anew for a dearer seat: unpaid, the booking goes back to the seat that it had', async () => {
		const cheap = await session(open, 200, ['standard', 'standard']);
		const same = await session(open, 210, ['standard', 'standard']);
		const dear = await session(open, 220, ['vip', 'vip']);
		await here.db`
			insert into seat_prices (provider_id, service_id, category, price_minor)
			values (${open.provider}, ${open.service}, 'standard', 5000), (${open.provider}, ${open.service}, 'vip', 90000)`;
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: open.service,
			session_id: cheap.id,
			seats: ['A1'],
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		await here.db`update seat_prices set price_minor = 6000 where service_id = ${open.service} and category = 'standard'`;
		// a seat of the same price keeps the one that was agreed
		expect(await change(id, { starts_at: same.starts_at })).toMatchObject({ price_minor: 5_000, amount_due_minor: 0 });
		expect(await change(id, { starts_at: dear.starts_at })).toMatchObject({
			price_minor: 90_000,
			amount_due_minor: 85_000
		});
		await lapseTopUp(id);
		expect(await state(id)).toMatchObject({
			session_id: same.id,
			price_minor: 5_000,
			amount_due_minor: 0,
			due_on_site_minor: 0
		});
		// paid, it stays; and a cheaper one gives back what the policy gives
		await change(id, { starts_at: dear.starts_at });
		await pay(id);
		expect(await state(id)).toMatchObject({ session_id: dear.id, paid_minor: 90_000, top_up_by: null });
		expect(await change(id, { starts_at: cheap.starts_at })).toMatchObject({
			price_minor: 6_000,
			refund_minor: 84_000
		});
		// by its provider it is never dearer
		expect(await change(id, { starts_at: dear.starts_at }, open.owner.client)).toMatchObject({
			price_minor: 6_000,
			amount_due_minor: 0,
			due_on_site_minor: 0
		});
		expect(await broken(id)).toEqual([]);
	});
});

describe('a change on terms that are no longer so', () => {
	const quoted = async (booking_id: string, to: { party_size?: number; starts_at?: string }) =>
		(await here.amina.client.rpc('quote_change', { booking_id, ...to })).data!;

	test('changes nothing where the price has changed since', async () => {
		const { id } = await places(open, 2, 100);
		const { terms, total_minor, amount_due_minor } = await quoted(id, { party_size: 3 });
		expect([total_minor, amount_due_minor]).toEqual([30_000, 10_000]);
		await priced(open, 50_000, async () => {
			const refused = await here.amina.client.rpc('reschedule_booking', {
				booking_id: id,
				party_size: 3,
				expected_terms: terms!
			});
			expect(refused.status).toBe(409);
			expect(refused.error).toMatchObject({ message: 'price_changed', details: 'expected_terms', hint: '70000' });
		});
		expect(await state(id)).toMatchObject({ party_size: 2, price_minor: 20_000, top_up_by: null });
	});

	test('changes nothing where less comes back by now', async () => {
		const { id } = await places(open, 4, 26);
		const { terms, refund_minor } = await quoted(id, { party_size: 1 });
		expect(refund_minor).toBe(30_000);
		await wait(id, 3);
		const refused = await here.amina.client.rpc('reschedule_booking', {
			booking_id: id,
			party_size: 1,
			expected_terms: terms!
		});
		expect(refused.error?.message).toBe('price_changed');
		expect(await state(id)).toMatchObject({ party_size: 4, refund_minor: 0 });
		expect(await quoted(id, { party_size: 1 })).toMatchObject({ refund_minor: 15_000 });
	});

	test('is quoted to those who may change it, and for what may be', async () => {
		const { id } = await places(open, 2, 100);
		const asked = async (client: Client, more: object = {}) =>
			(await client.rpc('quote_change', { booking_id: id, party_size: 3, ...more })).error?.message;
		expect(await asked(here.bilal.client)).toBe('not_found');
		expect(await asked(here.visitor)).toBe('not_found');
		expect(await asked(here.amina.client, { party_size: 21 })).toBe('party_size');
		expect(await asked(here.amina.client, { starts_at: 'infinity' })).toBe('invalid_input');
		expect(await asked(here.amina.client, { starts_at: '2030-01-01T10:07:00Z' })).toBe('not_found');
		expect(await asked(here.amina.client)).toBeUndefined();
		expect(await state(id)).toMatchObject({ party_size: 2, top_up_by: null });
	});
});

describe('a booking that its provider makes larger', () => {
	test('is not agreed to: it may be cancelled with all back until it starts, and its customer is told so', async () => {
		const { id } = await places(open, 2, 2);
		expect(await change(id, { party_size: 3 }, open.owner.client)).toMatchObject({
			price_minor: 30_000,
			amount_due_minor: 0,
			due_on_site_minor: 10_000
		});
		expect(await state(id)).toMatchObject({ free_to_cancel: true, refund_if_cancelled_minor: 20_000 });
		const [mail] = await here.db`
			select kind, (data ->> 'party')::int as party, data ->> 'total' as total from deliveries
			where booking_id = ${id} and account_id = ${here.amina.id} order by created_at desc limit 1`;
		expect(mail).toEqual({ kind: 'party_changed_by_provider', party: 3, total: '300.00 MAD' });
		expect(await cancel(id)).toMatchObject({ refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('a booking that its provider moves', () => {
	test('may be cancelled with all back until it starts, and the page says so', async () => {
		const { id } = await places(open, 2, 240);
		const near = await session(open, 2);
		await change(id, { starts_at: near.starts_at }, open.owner.client);
		expect(await state(id)).toMatchObject({
			free_to_cancel: true,
			refund_if_cancelled_minor: 20_000,
			refunds: [{ refund_percent: 100, refund_minor: 20_000 }]
		});
		expect(await cancel(id)).toMatchObject({ refund_minor: 20_000 });
	});

	test('is not brought forward to the next half hour, and may be left for a day after it was moved at short notice', async () => {
		const { id } = await places(open, 2, 240);
		const soon = await session(open, 0.1);
		const refused = await open.owner.client.rpc('reschedule_booking', { booking_id: id, starts_at: soon.starts_at });
		expect(refused.error).toMatchObject({ code: 'PT422', message: 'too_soon', details: 'starts_at' });
		await change(id, { starts_at: (await session(open, 2)).starts_at }, open.owner.client);
		await wait(id, 3);
		await here.db`update booking_events set created_at = created_at - interval '3 hours' where booking_id = ${id}`;
		await move(open, id, 'completed');
		expect(await state(id)).toMatchObject({ free_to_cancel: true, next_statuses: ['cancelled'] });
		expect(await cancel(id)).toMatchObject({ status: 'cancelled', refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('has the policy again once its customer has chosen a time', async () => {
		const { id } = await places(open, 2, 240);
		await change(id, { starts_at: (await session(open, 2)).starts_at }, open.owner.client);
		await change(id, { starts_at: (await session(open, 10)).starts_at });
		expect(await state(id)).toMatchObject({ free_to_cancel: false, refund_if_cancelled_minor: 10_000 });
	});

	test.each([
		[2, 20_000],
		[30, 0]
	])('to in %i hours: who does not come then gets back %i', async (hours, back) => {
		const { id } = await places(open, 2, 240);
		await change(id, { starts_at: (await session(open, hours)).starts_at }, open.owner.client);
		await here.db`update booking_events set created_at = created_at - ${`${hours} hours`}::interval where booking_id = ${id}`;
		await wait(id, hours + 1);
		expect(await move(open, id, 'no_show')).toMatchObject({ refund_minor: back });
	});
});

describe('a change that is refused', () => {
	test('leaves the booking confirmed as it was, where it was', async () => {
		const { id, at } = await places(asked, 2, 2);
		const later = await session(asked, 300);
		expect(await change(id, { starts_at: later.starts_at, party_size: 1 })).toMatchObject({ status: 'pending' });
		expect((await state(id)).local_stands_at).not.toBeNull();
		expect(await move(asked, id, 'rejected')).toMatchObject({
			status: 'confirmed',
			session_id: at.id,
			party_size: 2,
			price_minor: 20_000,
			refund_minor: 0
		});
		expect(await state(id)).toMatchObject({ refund_if_cancelled_minor: 0, answer_by: null, local_stands_at: null });
		const rows = await here.db`select taken from sessions where id in (${at.id}, ${later.id}) order by starts_at`;
		expect(rows.map(({ taken }) => taken as number)).toEqual([2, 0]);
		const { data: told } = await here.amina.client.from('notifications').select('kind').eq('booking_id', id);
		expect(told!.map(({ kind }) => kind)).toContain('booking_put_back');
		expect(await broken(id)).toEqual([]);
	});

	test('by silence leaves it too, and gives back what was paid for the change', async () => {
		const { id, at } = await places(asked, 2, 100);
		const later = await session(asked, 310);
		await change(id, { starts_at: later.starts_at, party_size: 3 });
		await pay(id);
		expect(await state(id)).toMatchObject({ status: 'pending', paid_minor: 30_000, amount_due_minor: 0 });
		await here.db`update bookings set answer_by = now() - interval '1 second' where id = ${id}`;
		await runJob(here.db, 'lapse requests');
		expect(await state(id)).toMatchObject({
			status: 'confirmed',
			session_id: at.id,
			party_size: 2,
			deposit_minor: 20_000,
			refund_minor: 10_000
		});
		expect(await broken(id)).toEqual([]);
	});

	test('when the time that it had is over gives all back: it was not answered in time', async () => {
		const { id, at } = await places(asked, 2, 10);
		await change(id, { starts_at: (await session(asked, 330)).starts_at });
		await here.db`
			update sessions set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = ${at.id}`;
		expect(await move(asked, id, 'rejected')).toMatchObject({ status: 'rejected', refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('of a request that nobody had accepted gives all back', async () => {
		const at = await session(asked, 10);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: asked.service,
			session_id: at.id,
			party_size: 2,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		await change(id, { starts_at: (await session(asked, 340)).starts_at });
		expect(await move(asked, id, 'rejected')).toMatchObject({ status: 'rejected', refund_minor: 20_000 });
	});

	test('of a request that nobody had accepted gives all back, also while a larger party waits to be paid', async () => {
		const at = await session(asked, 10);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: asked.service,
			session_id: at.id,
			party_size: 2,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		expect(await change(id, { party_size: 4 })).toMatchObject({ status: 'pending', amount_due_minor: 20_000 });
		expect(await move(asked, id, 'rejected')).toMatchObject({ status: 'rejected', refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('leaves what was accepted before it was paid', async () => {
		const at = await session(asked, 100);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: asked.service,
			session_id: at.id,
			party_size: 2,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		await change(id, { party_size: 4 });
		await move(asked, id, 'confirmed');
		const wrong = await asked.owner.client.rpc('transition_booking', { booking_id: id, to_status: 'rejected' });
		expect(wrong.error).toMatchObject({ message: 'invalid_transition' });
		// and another is asked for once it is paid
		await pay(id);
		await change(id, { starts_at: (await session(asked, 370)).starts_at });
		expect(await move(asked, id, 'rejected')).toMatchObject({
			status: 'confirmed',
			session_id: at.id,
			party_size: 4,
			refund_minor: 0
		});
		expect(await broken(id)).toEqual([]);
	});

	test('leaves an appointment with whom it was', async () => {
		const [from, to] = [await localInstant(here.db, 20, '10:00'), await localInstant(here.db, 21, '15:00')];
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: here.salon.service,
			starts_at: from,
			address: { line: '3 rue des Orangers' },
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		const { resources } = await move(asked, id, 'confirmed');
		await change(id, { starts_at: to });
		const back = await move(asked, id, 'rejected');
		expect(back).toMatchObject({ status: 'confirmed', resources });
		expect(new Date(back.starts_at!)).toEqual(new Date(from));
		expect(await broken(id)).toEqual([]);
	});
});

/** The whole row of a booking, but for the money that came and went, whose difference is `kept`. */
async function row(id: string) {
	const [{ paid_minor, refund_minor, updated_at: _, ...rest }] =
		(await here.db`select * from bookings where id = ${id}`) as [Record<string, unknown>];
	return { ...rest, kept: Number(paid_minor) - Number(refund_minor) };
}

describe('a change of a change that waits to be accepted', () => {
	const reject = (id: string) => move(asked, id, 'rejected');
	const accept = (id: string) => move(asked, id, 'confirmed');

	test('goes back to what was paid for last where it is never paid, and to what was accepted where it is refused', async () => {
		const { id } = await places(asked, 2, 100);
		const before = await row(id);
		await change(id, { party_size: 4 });
		await pay(id);
		const paidFor = await row(id);
		await change(id, { party_size: 6 });
		await lapseTopUp(id);
		expect(await row(id)).toEqual(paidFor);
		expect(await state(id)).toMatchObject({ status: 'pending', party_size: 4, price_minor: 40_000, refund_minor: 0 });
		await change(id, { party_size: 6 });
		expect(await reject(id)).toMatchObject({ status: 'confirmed', party_size: 2, refund_minor: 20_000 });
		expect(await row(id)).toEqual(before);
		expect(await broken(id)).toEqual([]);
	});

	test('accepted before it is paid goes back to what was paid for, accepted', async () => {
		const { id } = await places(asked, 2, 100);
		await change(id, { party_size: 4 });
		await pay(id);
		await change(id, { party_size: 6 });
		await accept(id);
		await lapseTopUp(id);
		expect(await state(id)).toMatchObject({ status: 'confirmed', party_size: 4, price_minor: 40_000, refund_minor: 0 });
		expect(await broken(id)).toEqual([]);
	});

	test.each([20_000, 1_000])('is priced from what was paid for last, whatever it costs today (%i)', async (price) => {
		const { id } = await places(asked, 2, 100);
		await change(id, { party_size: 4 });
		await pay(id);
		await priced(asked, price, async () => {
			expect((await change(id, { party_size: 20 })).price_minor).toBe(40_000 + 16 * price);
			const quoted = async (party_size: number) =>
				(await here.amina.client.rpc('quote_change', { booking_id: id, party_size })).data;
			expect(await quoted(5)).toMatchObject({ total_minor: 40_000 + price, refund_minor: 0 });
			expect(await quoted(3)).toMatchObject({ total_minor: 30_000, amount_due_minor: 0, refund_minor: 10_000 });
			expect(await change(id, { party_size: 4 })).toMatchObject({ price_minor: 40_000, amount_due_minor: 0 });
		});
		expect(await accept(id)).toMatchObject({ party_size: 4, due_on_site_minor: 0, refund_minor: 0 });
		expect(await broken(id)).toEqual([]);
	});

	test('gives back what a larger party in between would not have changed, when it is accepted', async () => {
		const { id } = await places(asked, 2, 10);
		await change(id, { party_size: 4 });
		await pay(id);
		await change(id, { party_size: 6 });
		expect(await change(id, { party_size: 3 })).toMatchObject({ status: 'pending', refund_minor: 0 });
		expect(await accept(id)).toMatchObject({ party_size: 3, refund_minor: 5_000, due_on_site_minor: 0 });
		expect(await row(id)).toMatchObject({ forfeited_minor: '5000', before_change: null });
		expect(await broken(id)).toEqual([]);
	});

	test('leaves nothing behind where it is refused', async () => {
		const { id } = await places(asked, 2, 10);
		const before = await row(id);
		await change(id, { party_size: 4 });
		await pay(id);
		await change(id, { party_size: 3 });
		await change(id, { party_size: 5, starts_at: (await session(asked, 380)).starts_at });
		await pay(id);
		await reject(id);
		expect(await row(id)).toEqual(before);
		expect(await broken(id)).toEqual([]);
	});

	test('to fewer people needs nobody to accept it where the time stays', async () => {
		const { id } = await places(asked, 10, 10);
		expect(await change(id, { party_size: 1 })).toMatchObject({
			status: 'confirmed',
			party_size: 1,
			refund_minor: 45_000
		});
		expect(await broken(id)).toEqual([]);
	});

	test('to fewer people at another time gives back nothing until it is accepted', async () => {
		const later = await session(asked, 390);
		const [one, other] = [await places(asked, 10, 10), await places(asked, 10, 10)];
		const before = await row(one.id);
		for (const { id } of [one, other])
			expect(await change(id, { party_size: 1, starts_at: later.starts_at })).toMatchObject({
				status: 'pending',
				refund_minor: 0
			});
		await here.db`update bookings set answer_by = now() - interval '1 second' where id = ${one.id}`;
		await runJob(here.db, 'lapse requests');
		expect(await row(one.id)).toEqual(before);
		expect(await state(one.id)).toMatchObject({ status: 'confirmed', party_size: 10, refund_minor: 0 });
		expect(await accept(other.id)).toMatchObject({ party_size: 1, refund_minor: 45_000 });
		expect(await cancel(other.id)).toMatchObject({ refund_minor: 50_000 });
		for (const { id } of [one, other]) expect(await broken(id)).toEqual([]);
	});

	// A model: what is accepted, what of the change is paid for, and what is asked for. Half of what is given up comes back.
	test.each([1, 2, 3, 4, 5, 6, 7, 8])(
		'comes to what the last settled state gives, whatever the steps are (%i)',
		async (seed) => {
			const dice = new Dice(seed);
			const first = dice.int(1, 8);
			const { id } = await places(asked, first, 10);
			const cost = (party: number) => party * 10_000;
			const settled = { party: first, kept: cost(first), forfeited: 0 };
			let [kept, refunded, paidFor, wanted] = [cost(first), 0, first, first];
			let waits = false;
			let stood = await row(id);
			const give = (party: number) => {
				const surplus = Math.max(kept - settled.forfeited - cost(party), 0);
				refunded += surplus / 2;
				kept -= surplus / 2;
				Object.assign(settled, { party, kept, forfeited: settled.forfeited + surplus / 2 });
				waits = false;
			};
			for (let step = 0; step < 12; step++) {
				const due = Math.max(cost(wanted) - Math.max(kept, cost(paidFor)), 0);
				const what = dice.int(1, 6);
				if (what === 1 && waits) {
					await reject(id);
					refunded += kept - settled.kept;
					kept = settled.kept;
					paidFor = wanted = settled.party;
					waits = false;
					expect(await row(id)).toEqual(stood);
				} else if (what === 2 && waits && due === 0) {
					await accept(id);
					give(wanted);
				} else if (what === 3 && due > 0) {
					await lapseTopUp(id);
					wanted = paidFor;
				} else if (what === 4 && due > 0) {
					await pay(id);
					kept += due;
					paidFor = wanted;
				} else {
					const party = dice.int(1, 12);
					if (party === wanted) continue;
					await change(id, { party_size: party });
					if (waits && party === settled.party) {
						// taken back
						refunded += kept - settled.kept;
						kept = settled.kept;
						waits = false;
					} else if (!waits && party < wanted) give(party);
					else waits = true;
					wanted = party;
					if (cost(wanted) <= Math.max(kept, cost(paidFor))) paidFor = wanted;
				}
				if (!waits) stood = await row(id);
				expect(await state(id)).toMatchObject({
					status: waits ? 'pending' : 'confirmed',
					party_size: wanted,
					price_minor: cost(wanted),
					amount_due_minor: Math.max(cost(wanted) - Math.max(kept, cost(paidFor)), 0),
					refund_minor: refunded
				});
				expect(await row(id)).toMatchObject({ kept, forfeited_minor: String(settled.forfeited) });
			}
			expect(await broken(id)).toEqual([]);
		}
	);
});

describe('a larger party that is never paid for', () => {
	test('is had for some bookings at a time, like holds', async () => {
		const [cap] = await here.db`select most from private.customer_caps where name = 'holds_at_provider'`;
		const made = await Promise.all(Array.from({ length: cap!.most as number }, (_, n) => places(open, 1, 400 + n)));
		const one = await places(open, 1, 500);
		await Promise.all(made.map(({ id }) => change(id, { party_size: 20 })));
		const raise = () => here.amina.client.rpc('reschedule_booking', { booking_id: one.id, party_size: 20 });
		const { error } = await raise();
		expect(error).toMatchObject({ code: 'PT429', message: 'rate_limited' });
		expect(Number(error!.details)).toBeGreaterThan(0);
		// one that is open already may be changed, and one that is paid is none
		await change(made[0]!.id, { party_size: 19 });
		await pay(made[0]!.id);
		expect((await raise()).error).toBeNull();
	});

	test('gives the tables back with the people', async () => {
		const [dinner] = await here.db`
			insert into services (
				provider_id, mode, name_fr, duration_minutes, notice_minutes, price_minor, price_per, deposit_percent, max_party
			)
			values (${open.provider}, 'table', 'Dîner', 90, 0, 10000, 'person', 100, 20) returning id`;
		const tables = await here.db<{ id: string; name: string }[]>`
			insert into resources (provider_id, kind, name, capacity, position)
			values (${open.provider}, 'table', 'Petite', 2, 1), (${open.provider}, 'table', 'Grande', 20, 2) returning id, name`;
		await here.db`
			insert into service_resources (service_id, resource_id)
			select ${dinner!.id as string}, x from unnest(${tables.map(({ id }) => id)}::uuid[]) as x`;
		const { data, error } = await here.amina.client.rpc('create_booking', {
			service_id: dinner!.id as string,
			starts_at: await localInstant(here.db, 25, '12:00'),
			party_size: 1,
			idempotency_key: randomUUID()
		});
		expect(error).toBeNull();
		const id = data!.booking_id!;
		await pay(id);
		expect(await change(id, { party_size: 20 })).toMatchObject({ resources: ['Grande'], amount_due_minor: 190_000 });
		await lapseTopUp(id);
		expect(await state(id)).toMatchObject({ resources: ['Petite'], party_size: 1, amount_due_minor: 0 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('a refund that failed', () => {
	test('stays owed as it is, whatever is given up after it', async () => {
		const { id } = await places(open, 10, 10);
		await change(id, { party_size: 8 });
		const [order] = await here.db<{ id: string }[]>`select id from refunds where booking_id = ${id}`;
		await here.db`select private.move_refund(${order!.id}, 'failed', null, 'expired card')`;
		expect(await state(id)).toMatchObject({ refund_minor: 0, refund_if_cancelled_minor: 40_000 });
		expect(await change(id, { party_size: 6 })).toMatchObject({
			refund_minor: 10_000,
			refund_if_cancelled_minor: 30_000
		});
		const { error } = await stripe.rpc('order_refund_again', { refund_id: order!.id });
		expect(error).toBeNull();
		expect(await cancel(id)).toMatchObject({ refund_minor: 50_000 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('a business that is suspended', () => {
	test('is not paid any more: pages are closed, and what comes all the same goes back', async () => {
		const at = await session(asked, 360);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: asked.service,
			session_id: at.id,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		const { data: payment } = await here.amina.client.rpc('begin_payment', { booking_id: id });
		const suspended = await here.admin.client.rpc('suspend_provider', { provider_id: asked.provider, reason: 'Essai' });
		expect(suspended.error).toBeNull();
		const [page] = await here.db`select status from payments where id = ${payment!.payment_id!}`;
		expect(page!.status).toBe('expired');
		expect(await apply(paid(payment!.payment_id!, { amount_total: 10_000 }))).toBe('refunded');
		expect(await state(id)).toMatchObject({ status: 'held', refund_minor: 10_000 });
		await here.db`update providers set status = 'published' where id = ${asked.provider}`;
	});
});

describe('a request', () => {
	test('is not accepted once it should have begun: it lapses, and all goes back', async () => {
		const at = await session(asked, 2);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: asked.service,
			session_id: at.id,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		await pay(id);
		await wait(id, 3);
		// the job of the minute may have ended it by now
		const late = await asked.owner.client.rpc('transition_booking', { booking_id: id, to_status: 'confirmed' });
		expect(late.error).toMatchObject({ code: 'PT409', message: 'invalid_transition' });
		await runJob(here.db, 'lapse requests');
		expect(await state(id)).toMatchObject({ status: 'rejected', refund_minor: 10_000 });
	});

	test('is held until it starts at the most', async () => {
		const at = await session(open, 0.1);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: open.service,
			session_id: at.id,
			idempotency_key: randomUUID()
		});
		expect(new Date(data!.hold_expires_at!)).toEqual(new Date(at.starts_at));
	});

	test('is not made by money that comes when it should have begun', async () => {
		const at = await session(open, 2);
		const { data } = await here.amina.client.rpc('create_booking', {
			service_id: open.service,
			session_id: at.id,
			idempotency_key: randomUUID()
		});
		const id = data!.booking_id!;
		const { data: payment } = await here.amina.client.rpc('begin_payment', { booking_id: id });
		await wait(id, 3);
		expect(await apply(paid(payment!.payment_id!, { amount_total: 10_000 }))).toBe('refunded');
		expect(await broken(id)).toEqual([]);
	});
});

describe('a guest’s booking that waits for its proof', () => {
	async function unproven(more: Record<string, unknown> = {}) {
		const email = `nadia-${randomUUID()}@example.com`;
		const [key] = await here.db<{ key: string }[]>`select private.contact_key(${email}) as key`;
		await here.db`
			insert into private.rate_counters (name, caller, window_start, shard, calls)
			select name, ${key!.key}, date_bin(per, now(), 'epoch') + n * per, 99, max_calls
			from private.rate_limits, generate_series(0, 1) as n where name = 'guest_booking_email'`;
		const { data, error } = await here.visitor.rpc('create_booking', {
			guest: { name: 'Nadia', email },
			idempotency_key: randomUUID(),
			service_id: here.plumber.freeService,
			...more
		});
		expect(error).toBeNull();
		return { token: data!.manage_token!, id: data!.booking_id!, email, status: data!.status };
	}
	const mails = async (email: string) =>
		(await here.db`select kind from deliveries where recipient = ${email} and kind = 'booking_to_prove'`).length;

	test('waits wherever it is moved', async () => {
		const { token } = await unproven({ starts_at: await localInstant(here.db, 30, '10:00') });
		for (const time of ['11:00', '12:00']) {
			const starts_at = await localInstant(here.db, 30, time);
			const { data, error } = await here.visitor.rpc('reschedule_booking', { manage_token: token, starts_at });
			expect(error).toBeNull();
			expect(data).toMatchObject({ status: 'held', unproven: true });
		}
	});

	test('waits too where a change leaves nothing to pay, and gets its mail then', async () => {
		await here.db`update services set deposit_percent = 4, min_party = 1 where id = ${open.service}`;
		const { id } = await session(open, 350);
		const held = await unproven({ service_id: open.service, session_id: id, party_size: 2 });
		expect(held.status).toBe('held');
		await here.db`update services set deposit_percent = 0 where id = ${open.service}`;
		const { data } = await here.visitor.rpc('reschedule_booking', { manage_token: held.token, party_size: 1 });
		await here.db`update services set deposit_percent = 100 where id = ${open.service}`;
		expect(data).toMatchObject({ status: 'held', amount_due_minor: 0, unproven: true });
		expect(await mails(held.email)).toBe(1);
	});
});

describe('money that another hand took and that comes back', () => {
	const won = async (payment: string, amount: number) => {
		const id = `du_${payment}`;
		const told = (what: string) => {
			const event = dispute(payment, id, what);
			return { ...event, object: { ...event.object, amount } };
		};
		await apply(told('funds_withdrawn'));
		return async () => {
			expect(await apply(told('funds_reinstated'))).toBe('reinstated');
		};
	};

	test.each([
		['the customer in time', 100, 20_000, (id: string) => cancel(id)],
		['the customer late', 10, 10_000, (id: string) => cancel(id)],
		['the provider', 10, 20_000, (id: string) => cancel(id, open.owner.client)]
	])('is sent on where %s cancelled meanwhile', async (_, hours, owed, end) => {
		const { id, payment } = await places(open, 2, hours);
		const reinstate = await won(payment, 20_000);
		await end(id);
		expect(await orders(id)).toBe(0);
		await reinstate();
		expect(await orders(id)).toBe(owed);
		expect(await state(id)).toMatchObject({ refund_minor: owed });
		expect(await broken(id)).toEqual([]);
	});

	test('is sent on for those who were given up meanwhile', async () => {
		const { id, payment } = await places(open, 10, 10);
		const reinstate = await won(payment, 100_000);
		expect(await change(id, { party_size: 1 })).toMatchObject({ amount_due_minor: 0, refund_minor: 100_000 });
		await reinstate();
		expect(await orders(id)).toBe(45_000);
		expect(await cancel(id)).toMatchObject({ refund_minor: 50_000 });
		expect(await broken(id)).toEqual([]);
	});

	test.each([
		['the provider turns it down', (id: string) => move(asked, id, 'rejected')],
		[
			'nobody answers',
			async (id: string) => {
				await here.db`update bookings set answer_by = now() - interval '1 second' where id = ${id}`;
				await here.db`select private.lapse_request(${id})`;
			}
		]
	])('is sent on where it was paid for a change, and %s', async (_, undo) => {
		const { id } = await places(asked, 2, 100);
		expect(await change(id, { party_size: 4 })).toMatchObject({ amount_due_minor: 20_000 });
		const reinstate = await won(await pay(id), 20_000);
		await undo(id);
		expect(await state(id)).toMatchObject({ status: 'confirmed', party_size: 2, refund_minor: 20_000 });
		expect(await orders(id)).toBe(0);
		await reinstate();
		expect(await orders(id)).toBe(20_000);
		expect(await state(id)).toMatchObject({ paid_minor: 40_000, refund_minor: 20_000, due_on_site_minor: 0 });
		expect(await broken(id)).toEqual([]);
		// and is not sent once more
		expect(await cancel(id)).toMatchObject({ refund_minor: 40_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('is owed once, where an order was made smaller for it', async () => {
		const { id, payment } = await places(open, 3, 100);
		// the order of 200 has not been sent yet
		await here.db.begin(async (sql) => {
			await sql`select private.request_refund(${id}, 20000, 'party_changed')`;
			await sql`update refunds set next_attempt_at = now() + interval '1 hour' where booking_id = ${id}`;
		});
		const reinstate = await won(payment, 20_000);
		expect(await orders(id)).toBe(10_000);
		await reinstate();
		expect(await orders(id)).toBe(20_000);
		expect(await broken(id)).toEqual([]);
	});

	test('is sent on where a refund made in the dashboard failed after the booking was cancelled', async () => {
		const { id, payment } = await places(open, 2, 100);
		const back = refund(payment, { amount: 20_000, status: 'pending' });
		await apply(back);
		await cancel(id);
		expect(await orders(id)).toBe(0);
		const failed = refund(
			payment,
			{ id: (back.object as { id: string }).id, amount: 20_000, status: 'failed' },
			'refund.failed'
		);
		await apply(failed);
		expect(await orders(id)).toBe(20_000);
		expect(await state(id)).toMatchObject({ refund_minor: 20_000 });
	});

	test('kept of a cancelled booking without a reason is told of', async () => {
		const { id } = await places(open, 2, 10);
		await cancel(id);
		expect(await broken(id)).toEqual([]);
		await here.db`update bookings set forfeited_minor = 0 where id = ${id}`;
		expect((await broken(id)).map(({ rule }) => rule as string)).toEqual(['kept_without_reason']);
		await here.db`update bookings set forfeited_minor = 10000 where id = ${id}`;
	});
});
