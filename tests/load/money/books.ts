import type Stripe from 'stripe';
import type { Dice } from '../random.ts';
import { runJob } from '../jobs.ts';
import type { Scene } from './scene.ts';

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

/** Runs what is due until nothing is on its way any more: events, refunds, disputes, larger parties that were never paid for. */
export async function settle(scene: Scene, dice: Dice, check: () => void): Promise<void> {
	const { stripe, place, worker, provider } = scene;
	const { sql } = place;
	await scene.test('weather', null);
	const idsOfOurs = async () =>
		new Set(
			(
				await sql<{ intent: string }[]>`
					select p.stripe_payment_intent as intent from payments p join bookings b on b.id = p.booking_id
					where b.provider_id = ${provider} and p.stripe_payment_intent is not null`
			).map(({ intent }) => intent)
		);
	const end = Date.now() + 300_000;
	for (;;) {
		check();
		await sql`update bookings set top_up_by = now() - interval '1 second' where provider_id = ${provider} and top_up_by is not null`;
		await runJob(sql, 'lapse top-ups');
		await sql`
			update refunds r set next_attempt_at = now() from bookings b
			where b.id = r.booking_id and b.provider_id = ${provider} and r.status in ('queued', 'sending', 'pending')`;
		await fetch(`${place.apiUrl}/functions/v1/refunds`, { method: 'POST', headers: { apikey: place.secretKey } });
		const ours = await idsOfOurs();
		for await (const dispute of stripe.disputes.list({ limit: 100 }))
			if (dispute.status === 'needs_response' && ours.has(String(dispute.payment_intent)))
				await stripe.disputes.update(dispute.id, {
					evidence: { uncategorized_text: dice.chance(0.5) ? 'winning_evidence' : 'losing_evidence' }
				});
		const failed = await sql<{ id: string }[]>`
			select r.id from refunds r join bookings b on b.id = r.booking_id
			where b.provider_id = ${provider} and r.status = 'failed' and r.reason <> 'by_platform'
				and not exists (select from refunds x where x.replaces = r.id)`;
		for (const { id } of failed) await worker.rpc('order_refund_again', { refund_id: id });
		await sql`select private.replay_stripe_events()`;
		const [left] = await sql<{ refunds: number }[]>`
			select count(*)::int as refunds from refunds r join bookings b on b.id = r.booking_id
			where b.provider_id = ${provider} and (
				r.status in ('queued', 'sending', 'pending')
				or (r.status = 'failed' and r.reason <> 'by_platform' and not exists (select from refunds x where x.replaces = r.id))
			)`;
		const pending = (await (await fetch(`${place.stripeUrl}/_test/pending`)).json()) as number;
		if (left!.refunds === 0 && pending === 0 && failed.length === 0) {
			// a card's bank may still send a refund back: it has a second for it
			await pause(2500);
			const after = (await (await fetch(`${place.stripeUrl}/_test/pending`)).json()) as number;
			const [again] = await sql<{ n: number }[]>`
				select count(*)::int as n from refunds r join bookings b on b.id = r.booking_id
				where b.provider_id = ${provider} and r.reason <> 'by_platform' and r.status in ('queued', 'sending', 'pending', 'failed')
					and not exists (select from refunds x where x.replaces = r.id)`;
			if (after === 0 && again!.n === 0) return;
		}
		if (Date.now() > end) return;
		await pause(300);
	}
}

/** What Stripe holds of some payments, by intent: charges less refunds that have gone and disputes that are not won. */
async function heldByStripe(stripe: Stripe): Promise<Map<string, number>> {
	const held = new Map<string, number>();
	const add = (intent: unknown, amount: number) => held.set(String(intent), (held.get(String(intent)) ?? 0) + amount);
	for await (const charge of stripe.charges.list({ limit: 100 }))
		if (charge.paid) add(charge.payment_intent, charge.amount);
	for await (const refund of stripe.refunds.list({ limit: 100 }))
		if (refund.status === 'succeeded') add(refund.payment_intent, -refund.amount);
	for await (const dispute of stripe.disputes.list({ limit: 100 }))
		if (dispute.status !== 'won') add(dispute.payment_intent, -dispute.amount);
	return held;
}

export interface Books {
	/** minor units */
	came: number;
	went: number;
	ledger: number;
	stripe: number;
	events: number;
	breaches: string[];
}

/**
 * Compares the books: the ledger with payments less refunds and with what Stripe holds, booking by booking; that no event was left
 * out; that nothing is broken. `whole`: nobody else has used this project, so that the totals must agree too.
 */
export async function compare(scene: Scene, whole: boolean): Promise<Books> {
	const { stripe, place, provider } = scene;
	const { sql } = place;
	const breaches: string[] = [];
	const held = await heldByStripe(stripe);
	const rows = await sql<
		{ id: string; ledger: number; suspense: number; came: number; went: number; intents: string[] }[]
	>`
		select b.id,
			coalesce((select sum(amount_minor) from ledger_entries where booking_id = b.id and account = 'stripe'), 0)::int as ledger,
			coalesce((select sum(amount_minor) from ledger_entries where booking_id = b.id and account = 'suspense'), 0)::int
				as suspense,
			coalesce((select sum(amount_minor) from payments where booking_id = b.id and status in ('succeeded', 'unexpected')), 0)::int
				as came,
			coalesce((select sum(amount_minor) from refunds where booking_id = b.id and status = 'succeeded'), 0)::int as went,
			array(
				select stripe_payment_intent from payments where booking_id = b.id and stripe_payment_intent is not null
			) as intents
		from bookings b where b.provider_id = ${provider}`;
	const known = new Set(rows.flatMap(({ intents }) => intents));
	let stripeTotal = 0;
	for (const { id, ledger, suspense, came, went, intents } of rows) {
		const there = intents.reduce((sum, intent) => sum + (held.get(intent) ?? 0), 0);
		stripeTotal += there;
		if (ledger !== came - went) breaches.push(`${id}: the ledger has ${ledger}, ${came} came and ${went} went`);
		if (ledger !== there) breaches.push(`${id}: the ledger has ${ledger}, Stripe holds ${there}`);
		if (suspense !== 0) breaches.push(`${id}: ${suspense} is left in suspense`);
	}
	const payments = new Set(
		(
			await sql<{ id: string }[]>`
				select p.id from payments p join bookings b on b.id = p.booking_id where b.provider_id = ${provider}`
		).map(({ id }) => id)
	);
	for await (const intent of stripe.paymentIntents.list({ limit: 100 }))
		if (intent.status === 'succeeded' && payments.has(intent.metadata.payment_id ?? '') && !known.has(intent.id))
			breaches.push(`${intent.id}: its money came, and nobody here knows`);

	const told = (await (await fetch(`${place.stripeUrl}/_test/events`)).json()) as {
		event: Stripe.Event;
		deliveries: { status: string }[];
	}[];
	const lost = told.filter(({ deliveries }) => deliveries.some(({ status }) => status === 'failed'));
	for (const { event } of whole ? lost : []) breaches.push(`${event.type} ${event.id} was refused for good`);
	const kept = new Map(
		(
			await sql<{ id: string; outcome: string; applied: boolean }[]>`
			select id, outcome, applied_at is not null as applied from stripe_events`
		).map((row) => [row.id, row])
	);
	const isOurs = (event: Stripe.Event) => {
		const object = event.data.object as { payment_intent?: unknown; id?: string; metadata?: Record<string, string> };
		return whole || known.has(String(object.payment_intent)) || payments.has(object.metadata?.payment_id ?? '');
	};
	for (const { event } of told.filter(({ event: one }) => isOurs(one))) {
		const row = kept.get(event.id);
		if (!row?.applied) breaches.push(`${event.type} ${event.id}: ${row?.outcome ?? 'ignored'}`);
	}
	const broken = await sql<{ rule: string; details: unknown }[]>`
		select v.rule, v.details from private.broken_invariants() v
		where ${whole} or v.subject_id in (select id from bookings where provider_id = ${provider})
			or v.details ->> 'booking_id' in (select id::text from bookings where provider_id = ${provider})`;
	for (const { rule, details } of broken) breaches.push(`${rule}: ${JSON.stringify(details)}`);
	const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
	if (whole) {
		const balance = (await stripe.balance.retrieve()).available.reduce((total, { amount }) => total + amount, 0);
		if (balance !== sum(({ ledger }) => ledger))
			breaches.push(`the ledger has ${sum(({ ledger }) => ledger)} in all, the balance is ${balance}`);
	}
	return {
		came: sum(({ came }) => came),
		went: sum(({ went }) => went),
		ledger: sum(({ ledger }) => ledger),
		stripe: stripeTotal,
		events: told.length,
		breaches
	};
}
