import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { makeCourses } from './courses.ts';
import { localInstant } from './people.ts';
import type { Client } from './people.ts';
import { paid, refund } from './stripe.ts';

// Where a change goes back to that comes to nothing, by whatever way, and what comes back with it. The cancellation
// policy is `moderate`: all comes back until a day before, half until four hours before.
const { here, open, asked, session, apply, pay, places, state, change, cancel, move, broken, lapseTopUp } =
	await makeCourses();
afterAll(() => here.close());
afterEach(
	() => here.db`update bookings set top_up_by = now() where customer_id = ${here.amina.id} and top_up_by > now()`
);

const ask = (client: Client, more: Record<string, unknown>) =>
	client.rpc('create_booking', { idempotency_key: randomUUID(), ...more } as never);
const at = (days: number, time: string) => localInstant(here.db, days, time);

/** A service at 100 MAD a person (or at none), an hour long, with tables of its own. */
async function dinner(provider: string, capacities: number[], price = 10_000) {
	const [service] = await here.db<{ id: string }[]>`
		insert into services (
			provider_id, mode, name_fr, duration_minutes, step_minutes, price_minor, price_per, deposit_percent, max_party,
			notice_minutes, horizon_days
		)
		values (${provider}, 'table', 'Dîner', 60, 15, ${price}, 'person', ${price > 0 ? 100 : 0}, 12, 0, 300) returning id`;
	for (const capacity of capacities) {
		const [table] = await here.db<{ id: string }[]>`
			insert into resources (provider_id, kind, name, capacity)
			values (${provider}, 'table', ${`T${capacity}`}, ${capacity}) returning id`;
		await here.db`insert into service_resources values (${service!.id}, ${table!.id})`;
	}
	return service!.id;
}

/** Lets the clock run for the session to which a change that waits goes back. */
const waitBehind = (id: string, hours: number) => here.db`
	with moved as (
		update sessions s set starts_at = s.starts_at - ${`${hours} hours`}::interval, ends_at = s.ends_at - ${`${hours} hours`}::interval
		where s.id = (select (before_change ->> 'session_id')::uuid from bookings where id = ${id}) returning *
	)
	update bookings b set
		before_change = before_change || jsonb_build_object('starts_at', m.starts_at, 'ends_at', m.ends_at, 'local_starts_at', m.local_starts_at),
		answer_by = answer_by - ${`${hours} hours`}::interval
	from moved m where b.id = ${id}`;

describe('what was accepted before it is paid', () => {
	test.each([
		['another time', (n: number) => at(n, '15:00').then((starts_at) => ({ starts_at }))],
		['still more people', async () => ({ party_size: 8 })]
	])('is paid before %s is asked for', async (_, wanted) => {
		const days = _ === 'another time' ? 10 : 11;
		const service_id = await dinner(asked.provider, [2, 6, 12]);
		const starts_at = await at(days, '12:00');
		const id = (await ask(here.amina.client, { service_id, starts_at, party_size: 2 })).data!.booking_id!;
		await pay(id);
		await move(asked, id, 'confirmed');
		await change(id, { party_size: 5 });
		await move(asked, id, 'confirmed');
		const to = { booking_id: id, ...(await wanted(days)) };
		const unpaid = { message: 'invalid_transition', details: 'unpaid' };
		expect((await here.amina.client.rpc('reschedule_booking', to)).error).toMatchObject(unpaid);
		expect((await here.amina.client.rpc('quote_change', to)).error).toMatchObject(unpaid);
		// fewer people need nobody, and paid it may go on
		await pay(id);
		expect(await change(id, to)).toMatchObject({ status: 'pending' });
		expect(await move(asked, id, 'rejected')).toMatchObject({ resources: ['T6'], party_size: 5, refund_minor: 0 });
		expect(await broken(id)).toEqual([]);
	});
});

describe('what was paid for a change that comes to nothing', () => {
	test('late, on a page for another sum, went back already: nothing that the policy has kept comes with it', async () => {
		const { id } = await places(open, 10, 2);
		await change(id, { party_size: 1 });
		await change(id, { party_size: 19 });
		const { data: page } = await here.amina.client.rpc('begin_payment', { booking_id: id });
		await change(id, { party_size: 20 });
		await apply(paid(page!.payment_id!, { amount_total: page!.amount_minor! }));
		await lapseTopUp(id);
		const now = await state(id);
		expect(now.paid_minor! - now.refund_minor!).toBe(100_000);
		expect(await broken(id)).toEqual([]);
	});

	test('goes back once where its business gave it back in Stripe’s dashboard', async () => {
		const { id } = await places(asked, 2, 2);
		await change(id, { party_size: 1 });
		await change(id, { party_size: 3 });
		await apply(refund(await pay(id), { amount: 10_000 }));
		expect(await move(asked, id, 'rejected')).toMatchObject({ refund_minor: 10_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('goes back whole though its business has made a present of the payment before', async () => {
		const { id, payment } = await places(asked, 2, 140);
		await change(id, { party_size: 3 });
		await pay(id);
		await apply(refund(payment, { amount: 5_000 }));
		expect(await move(asked, id, 'rejected')).toMatchObject({ refund_minor: 15_000 });
	});

	test('is told as that, and comes back, where all is cancelled when nothing else does', async () => {
		const { id } = await places(asked, 2, 2);
		await change(id, { party_size: 3 });
		await pay(id);
		const told = await state(id);
		expect(told).toMatchObject({ refund_if_cancelled_minor: 10_000 });
		expect(await cancel(id)).toMatchObject({ status: 'cancelled', refund_minor: 10_000 });
		const kinds = await here.db`select kind from notifications where booking_id = ${id} and user_id = ${here.amina.id}`;
		// who cancels knows that the change is off
		expect(kinds.map(({ kind }) => kind as string)).not.toContain('booking_put_back');
		expect(await broken(id)).toEqual([]);
	});

	test('is not given up by taking the change back', async () => {
		const { id } = await places(asked, 2, 2);
		await change(id, { party_size: 3 });
		await pay(id);
		expect(await change(id, { party_size: 2 })).toMatchObject({ status: 'confirmed', refund_minor: 10_000 });
		expect((await here.db`select forfeited_minor::int from bookings where id = ${id}`)[0]).toEqual({
			forfeited_minor: 0
		});
		expect(await broken(id)).toEqual([]);
	});
});

describe('who cancels while a change waits to be accepted', () => {
	test('gets what cancelling the accepted booking gives, however soon the other would begin', async () => {
		const { id, at: from } = await places(asked, 2, 106);
		await change(id, { starts_at: (await session(asked, 2)).starts_at });
		const { refund_if_cancelled_minor, refunds } = await state(id);
		expect(refund_if_cancelled_minor).toBe(20_000);
		const until = new Date(Date.parse(from.starts_at) - 86_400_000);
		expect(new Date((refunds as { until: string }[])[0]!.until)).toEqual(until);
		expect(await cancel(id)).toMatchObject({ refund_minor: 20_000 });
		expect(await broken(id)).toEqual([]);
	});

	test('gets no more than that by asking for another again and again', async () => {
		const { id } = await places(asked, 2, 25);
		await change(id, { starts_at: (await session(asked, 500)).starts_at });
		for (const [n, hours] of [12, 6, 3, 1].entries()) {
			await waitBehind(id, hours);
			await change(id, { starts_at: (await session(asked, 501 + n)).starts_at });
		}
		expect(await cancel(id)).toMatchObject({ refund_minor: 0 });
		expect(await broken(id)).toEqual([]);
	});

	test('gains nothing by its business moving the session that is asked for', async () => {
		const { id } = await places(asked, 2, 2);
		const wanted = await session(asked, 300);
		await change(id, { starts_at: wanted.starts_at });
		const moved = await here.zineb.client.rpc('move_session', {
			session_id: wanted.id,
			starts_at: new Date(Date.parse(wanted.starts_at) + 3_600_000).toISOString()
		});
		expect(moved.error).toBeNull();
		expect(await cancel(id)).toMatchObject({ refund_minor: 0 });
	});
});

describe('the place that a change goes back to', () => {
	test('is had where the session that was asked for is called off', async () => {
		const { id, at: from } = await places(asked, 2, 101);
		const wanted = await session(asked, 444);
		await change(id, { starts_at: wanted.starts_at });
		expect((await here.zineb.client.rpc('cancel_session', { session_id: wanted.id })).error).toBeNull();
		expect(await state(id)).toMatchObject({ status: 'confirmed', session_id: from.id, refund_minor: 0 });
		expect(await broken(id)).toEqual([]);
		expect(await broken(wanted.id)).toEqual([]);
	});

	test('is its own, of two sessions that begin together', async () => {
		const [one, two] = [await session(asked, 150), await session(asked, 150)];
		const mine = [one, two].sort((a, b) => a.id.localeCompare(b.id))[1]!;
		const { data } = await ask(here.amina.client, { service_id: asked.service, session_id: mine.id, party_size: 4 });
		const id = data!.booking_id!;
		await pay(id);
		await move(asked, id, 'confirmed');
		await change(id, { starts_at: (await session(asked, 601)).starts_at });
		await change(id, { starts_at: mine.starts_at });
		expect(await state(id)).toMatchObject({ status: 'confirmed', session_id: mine.id });
		const rows = await here.db`select id, taken from sessions where id in (${one.id}, ${two.id})`;
		for (const { id: session_id, taken } of rows) expect(taken).toBe(session_id === mine.id ? 4 : 0);
	});

	test('counts among those that one has at a time unpaid', async () => {
		const service_id = await dinner(
			asked.provider,
			Array.from({ length: 9 }, () => 2),
			0
		);
		const starts_at = await at(14, '12:00');
		const book = () => ask(here.amina.client, { service_id, starts_at, party_size: 2 });
		const ids = [];
		for (let n = 0; n < 4; n++) {
			const id = (await book()).data!.booking_id!;
			await move(asked, id, 'confirmed');
			ids.push(id);
		}
		const later = await at(14, '15:00');
		for (const id of ids) await change(id, { starts_at: later });
		expect((await book()).error).toMatchObject({ message: 'rate_limited' });
	});

	test('is none of another time where a larger party at a new time is not paid for: it stays there', async () => {
		const service_id = await dinner(open.provider, [2, 6]);
		const starts_at = await at(15, '12:00');
		const id = (await ask(here.amina.client, { service_id, starts_at, party_size: 2 })).data!.booking_id!;
		await pay(id);
		await change(id, { party_size: 5, starts_at: await at(15, '16:00') });
		expect((await ask(here.bilal.client, { service_id, starts_at, party_size: 2 })).error).toBeNull();
		await lapseTopUp(id);
		expect(await state(id)).toMatchObject({ party_size: 2, status: 'confirmed' });
		expect(await broken(id)).toEqual([]);
	});

	test('is as long as the booking lasts by now', async () => {
		const service_id = await dinner(open.provider, [2, 6]);
		const starts_at = await at(12, '12:00');
		const id = (await ask(here.amina.client, { service_id, starts_at, party_size: 2 })).data!.booking_id!;
		await pay(id);
		await change(id, { party_size: 5, starts_at: await at(12, '16:00') });
		const { error } = await here.youssef.client.from('services').update({ duration_minutes: 120 }).eq('id', service_id);
		expect(error).toBeNull();
		await change(id, { starts_at });
		await lapseTopUp(id);
		expect(await broken(id)).toEqual([]);
	});

	test('shows its time on the clocks that its business goes by', async () => {
		const { id } = await places(asked, 2, 130);
		await change(id, { starts_at: (await session(asked, 333)).starts_at });
		await here.db`update providers set time_zone = 'Asia/Tokyo' where id = ${asked.provider}`;
		try {
			await move(asked, id, 'rejected');
			expect(await broken(id)).toEqual([]);
		} finally {
			await here.db`update providers set time_zone = 'Africa/Casablanca' where id = ${asked.provider}`;
		}
	});
});

test('a refund that failed is in the way of nobody who is added', async () => {
	const { id, payment } = await places(open, 4, 103);
	await change(id, { party_size: 2 });
	const [order] = await here.db`select id, amount_minor::int as amount from refunds where booking_id = ${id}`;
	const failed = { amount: order!.amount as number, status: 'failed', metadata: { refund_id: order!.id as string } };
	await apply(refund(payment, failed, 'refund.failed'));
	expect(await change(id, { party_size: 3 })).toMatchObject({ party_size: 3, amount_due_minor: 10_000 });
	await pay(id);
	expect(await state(id)).toMatchObject({ amount_due_minor: 0, due_on_site_minor: 0 });
});
