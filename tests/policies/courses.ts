import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { service } from 'supabase-embedded/testing';
import type { Json } from '../../src/lib/supabase/types.ts';
import type { PaymentEvent } from '../../supabase/functions/stripe-webhook/event.ts';
import { runJob } from '../load/jobs.ts';
import { makeNeighbourhood } from './people.ts';
import type { Client, Person } from './people.ts';
import { paid } from './stripe.ts';

/** A service in sessions at 100 MAD for each who comes, all of it paid before, whose policy is `moderate`. */
export interface Course {
	provider: string;
	owner: Person;
	service: string;
	/** its business accepts each request by hand */
	asks: boolean;
}

/** Two courses, one whose business accepts at once and one whose business is asked, and what is done with them. */
export async function makeCourses() {
	const here = await makeNeighbourhood();
	const stripe = service() as Client;

	async function course(provider: string, owner: Person, approval: string): Promise<Course> {
		await here.db`update providers set approval = ${approval} where id = ${provider}`;
		const [made] = await here.db`
			insert into services (
				provider_id, mode, name_fr, duration_minutes, notice_minutes, horizon_days, price_minor, price_per,
				deposit_percent, max_party
			)
			values (${provider}, 'session', 'Stage', 60, 0, 365, 10000, 'person', 100, 20) returning id`;
		return { provider, owner, service: made!.id as string, asks: approval === 'manual' };
	}

	/** A session in a room of its own, so many hours from now; with seats where their categories are named. */
	async function session(of: Course, hours: number, seats: string[] = []): Promise<{ id: string; starts_at: string }> {
		const [row] = await here.db<{ id: string; starts_at: Date }[]>`
			insert into resources (provider_id, kind, name, capacity)
			values (${of.provider}, 'room', ${`Salle ${randomUUID()}`}, ${seats.length || 50})
			returning id, date_trunc('minute', now()) + ${`${hours} hours`}::interval as starts_at`;
		await here.db`
			insert into seats (provider_id, resource_id, label, row_number, column_number, category)
			select ${of.provider}, ${row!.id}, 'A' || n, 1, n, category from unnest(${seats}::text[]) with ordinality as x (category, n)`;
		const [made] = await here.db<{ id: string }[]>`
			insert into sessions (provider_id, service_id, resource_id, starts_at, ends_at, capacity)
			values (
				${of.provider}, ${of.service}, ${row!.id}, ${row!.starts_at}, ${row!.starts_at}::timestamptz + interval '1 hour',
				${seats.length || 50}
			) returning id`;
		return { id: made!.id, starts_at: row!.starts_at.toISOString() };
	}

	async function apply(told: PaymentEvent) {
		const { data, error } = await stripe.rpc('apply_stripe_event', { event: told as unknown as Json });
		expect(error).toBeNull();
		return data;
	}

	/** Pays what is due for a booking of amina's; the payment's id. */
	async function pay(booking_id: string): Promise<string> {
		const { data: payment, error } = await here.amina.client.rpc('begin_payment', { booking_id });
		expect(error).toBeNull();
		await apply(paid(payment!.payment_id!, { amount_total: payment!.amount_minor! }));
		return payment!.payment_id!;
	}

	/** A hold on places of a session, which nothing is paid for yet. */
	async function hold(
		client: Client,
		of: Course,
		session_id: string,
		party_size: number,
		more: Record<string, unknown> = {}
	): Promise<string> {
		const { data, error } = await client.rpc('create_booking', {
			service_id: of.service,
			session_id,
			party_size,
			idempotency_key: randomUUID(),
			...more
		});
		expect(error).toBeNull();
		return data!.booking_id!;
	}

	/** Places of amina's in a session, paid, and accepted where the business is asked. */
	async function places(of: Course, party_size: number, hours: number, more: Record<string, unknown> = {}) {
		const at = await session(of, hours);
		const id = await hold(here.amina.client, of, at.id, party_size, more);
		const payment = await pay(id);
		if (of.asks) await move(of, id, 'confirmed');
		expect((await state(id)).status).toBe('confirmed');
		return { id, payment, at };
	}

	const state = async (booking_id: string) => (await here.amina.client.rpc('get_booking', { booking_id })).data!;
	/** Changes a booking, on the terms that were quoted for it: what was quoted is what happens. */
	const change = async (
		booking_id: string,
		to: { party_size?: number; starts_at?: string },
		client = here.amina.client
	) => {
		const was = await state(booking_id);
		const { data: quote, error: unquoted } = await client.rpc('quote_change', { booking_id, ...to });
		expect(unquoted).toBeNull();
		const { data, error } = await client.rpc('reschedule_booking', {
			booking_id,
			...to,
			expected_terms: quote!.terms!
		});
		expect(error).toBeNull();
		const { total_minor, amount_due_minor, due_on_site_minor, refund_minor, currency } = data!;
		expect(quote).toMatchObject({
			total_minor,
			amount_due_minor,
			due_on_site_minor,
			// of what has to be accepted it goes back then
			refund_minor: data!.local_stands_at ? expect.any(Number) : refund_minor! - was.refund_minor!,
			currency
		});
		return data!;
	};
	const cancel = async (booking_id: string, client = here.amina.client) => {
		const { data, error } = await client.rpc('cancel_booking', { booking_id });
		expect(error).toBeNull();
		return data!;
	};
	async function move(of: Course, booking_id: string, to_status: string) {
		const { data, error } = await of.owner.client.rpc('transition_booking', { booking_id, to_status });
		expect(error).toBeNull();
		return data!;
	}
	const broken = (booking: string) =>
		here.db`
			select rule, details from private.broken_invariants()
			where (subject_id = ${booking} or details ->> 'booking_id' = ${booking}) and rule <> 'dispute_open'`;
	const orders = async (booking: string) =>
		(
			await here.db<{ sum: number }[]>`
				select coalesce(sum(amount_minor), 0)::int as sum from refunds
				where booking_id = ${booking} and reason not in ('disputed', 'by_platform') and status not in ('failed', 'canceled')`
		)[0]!.sum;
	async function priced(of: Course, price: number, work: () => Promise<void>) {
		await here.db`update services set price_minor = ${price} where id = ${of.service}`;
		try {
			await work();
		} finally {
			await here.db`update services set price_minor = 10000 where id = ${of.service}`;
		}
	}
	async function lapseTopUp(id: string) {
		await here.db`update bookings set top_up_by = now() - interval '1 second' where id = ${id}`;
		await runJob(here.db, 'lapse top-ups');
	}
	/** Lets the clock run: a booking in a session and the session are as many hours nearer. */
	async function wait(id: string, hours: number) {
		await here.db`
			with moved as (
				update sessions s set starts_at = s.starts_at - ${`${hours} hours`}::interval, ends_at = s.ends_at - ${`${hours} hours`}::interval
				where s.id = (select session_id from bookings where id = ${id}) returning s.starts_at, s.ends_at, s.local_starts_at
			)
			update bookings b set
				starts_at = m.starts_at, ends_at = m.ends_at, local_starts_at = m.local_starts_at,
				before_change = before_change || jsonb_build_object('starts_at', m.starts_at)
			from moved m where b.id = ${id}`;
	}

	return {
		here,
		open: await course(here.plumber.id, here.youssef, 'automatic'),
		asked: await course(here.salon.id, here.zineb, 'manual'),
		session,
		apply,
		pay,
		hold,
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
	};
}
