import { randomUUID } from 'node:crypto';
import { sessionParameters } from '../../../supabase/functions/checkout/session.ts';
import type { Payment } from '../../../supabase/functions/checkout/session.ts';
import type { Dice } from '../random.ts';
import type { Scene } from './scene.ts';

/** What was done, by name, and what should not have been, in words. */
export interface Diary {
	did: Map<string, number>;
	breaches: string[];
}

const cards = {
	plain: '4242424242424242',
	refused: '4000000000000002',
	slowRefund: '4000000000007726',
	failingRefund: '4000000000005126',
	disputed: '4000000000000259'
};

const languages = ['fr', 'ar', 'en'];

/** Lives one booking from its hold to whatever the dice have in store, with Stripe's events coming late, twice, and in any order. */
export async function live(scene: Scene, dice: Dice, diary: Diary): Promise<void> {
	const { visitor, owner, place, stripe } = scene;
	const did = (what: string) => diary.did.set(what, (diary.did.get(what) ?? 0) + 1);
	const wrong = (what: string) => void diary.breaches.push(what);
	const isCourse = dice.chance(0.6);
	const starts_at = isCourse ? undefined : await scene.nextStart();
	const { data: made, error } = await visitor.rpc('create_booking', {
		...(isCourse
			? { service_id: scene.course.service, session_id: dice.pick(scene.course.sessions), party_size: dice.int(1, 6) }
			: { service_id: scene.visit, starts_at }),
		guest: { name: 'Zoubida', email: `money.${randomUUID()}@example.com`, language: dice.pick(languages) },
		idempotency_key: randomUUID()
	});
	if (error) return wrong(`could not book: ${error.message}`);
	did('booked');
	const booking_id = made!.booking_id!;
	const manage_token = made!.manage_token!;
	const booking = async () => (await visitor.rpc('get_booking', { manage_token })).data!;

	/** The pages that so many ask for at once; there must be one. */
	const page = async (asking: number): Promise<string | null> => {
		const answers = await Promise.all(
			dice.some(asking, asking, () =>
				fetch(`${place.apiUrl}/functions/v1/checkout`, {
					method: 'POST',
					headers: { 'content-type': 'application/json', apikey: place.publishableKey },
					body: JSON.stringify({ booking_id, manage_token, language: dice.pick(languages) })
				}).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as { url?: string } }))
			)
		);
		const urls = new Set(answers.flatMap(({ body }) => body.url ?? []));
		if (urls.size > 1) wrong(`${urls.size} pages for one payment`);
		for (const { status, body } of answers)
			if (status >= 500) wrong(`checkout answered ${status}: ${JSON.stringify(body)}`);
		return [...urls][0] ?? null;
	};
	const pay = async (url: string, number: string) => {
		const fields = { email: 'z@example.com', number, expiry: '12 / 34', cvc: '123', name: 'Zoubida' };
		await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
	};
	const sessionId = (url: string) => url.split('/').at(-1)!;
	const lapse = async () => {
		await place.sql`update bookings set hold_expires_at = now() - interval '1 second' where id = ${booking_id} and status = 'held'`;
		await place.sql`
			update occupancies set expires_at = now() - interval '1 second' where booking_id = ${booking_id} and expires_at is not null`;
		await place.sql`select private.expire_holds(booking => ${booking_id})`;
	};
	const changeParty = async () => {
		const { error: refused } = await visitor.rpc('reschedule_booking', { manage_token, party_size: dice.int(1, 20) });
		did(refused ? 'party change refused' : 'party changed');
	};
	/** Asks for another session, as the customer or as the provider. */
	const changeSession = async (as: typeof visitor) => {
		const { error: refused } = await as.rpc('reschedule_booking', {
			...(as === visitor ? { manage_token } : { booking_id }),
			starts_at: dice.pick(scene.course.starts)
		});
		did(`${refused ? 'move refused' : 'moved'} by the ${as === visitor ? 'customer' : 'provider'}`);
	};
	/** Cancels, and looks whether as much comes back as was promised. */
	const cancel = async () => {
		const before = await booking();
		const { data } = await visitor.rpc('cancel_booking', { manage_token });
		if (!data) return;
		// money and Stripe's news of it may have come in between
		const after = await booking();
		if (after.paid_minor !== before.paid_minor || before.refund_minor! > data.refund_minor!) return;
		const promised = before.refund_minor! + before.refund_if_cancelled_minor!;
		if (data.refund_minor! < promised) wrong(`cancelling gave ${data.refund_minor}, ${promised} was promised`);
	};
	/** Pays on a page of somebody's own making that carries the payment's id: another sum, or the same once more. */
	const payBeside = async (sum: (asked: number) => number) => {
		const { data } = await visitor.rpc('begin_payment', { booking_id, manage_token });
		if (!data) return;
		const payment = data as unknown as Payment;
		const session = await stripe.checkout.sessions.create(
			sessionParameters(
				{ ...payment, amount_minor: sum(payment.amount_minor) },
				{ siteUrl: 'http://site.example', nowMs: Date.now() }
			)
		);
		await pay(session.url ?? '', cards.plain);
	};

	if (dice.chance(0.08)) {
		did('never paid');
		return lapse();
	}
	let url = await page(dice.int(1, 3));
	if (!url) return wrong('no page');
	if (dice.chance(0.15)) {
		const old = url;
		if (isCourse) await changeParty();
		if (dice.chance(0.4)) {
			await pay(old, cards.plain);
			did('paid on the page before');
		}
		url = (await page(2)) ?? url;
	}
	if (dice.chance(0.06)) {
		await payBeside((asked) => asked + 100);
		did('paid another sum');
	}
	if (dice.chance(0.12)) {
		await lapse();
		did('paid late');
		if (!isCourse && dice.chance(0.6)) {
			await visitor.rpc('create_booking', {
				service_id: scene.visit,
				starts_at,
				guest: { name: 'Bilal', email: `money.${randomUUID()}@example.com` },
				idempotency_key: randomUUID()
			});
			did('the place was taken meanwhile');
		}
	} else if (dice.chance(0.05)) {
		await visitor.rpc('cancel_booking', { manage_token });
		did('cancelled before it was paid');
	}
	if (dice.chance(0.1)) await pay(url, cards.refused);
	if (dice.chance(0.1)) {
		await scene.test(`sessions/${sessionId(url)}/pay-later`, {});
		await scene.test(`sessions/${sessionId(url)}/arrive`, { number: dice.pick([cards.plain, cards.refused]) });
		did('paid by a slow method');
	} else {
		const kind = dice.pick([
			...Array.from({ length: 7 }, () => 'plain' as const),
			'slowRefund' as const,
			'failingRefund' as const,
			'disputed' as const
		]);
		await pay(url, cards[kind]);
		did(`paid with a card: ${kind}`);
	}
	if (dice.chance(0.05)) {
		await payBeside((asked) => asked);
		did('paid twice');
	}

	// What follows meets the booking with its money told of, or not yet.
	if (dice.chance(0.7)) {
		const end = Date.now() + 4000;
		while ((await booking()).status === 'held' && Date.now() < end) await new Promise((next) => setTimeout(next, 100));
	}
	const fate = dice.int(1, 100);
	if (fate <= 15) {
		await cancel();
		did('cancelled by the customer');
	} else if (fate <= 25) {
		await owner.rpc('transition_booking', { booking_id, to_status: dice.pick(['rejected', 'confirmed']) });
		did('answered by the provider');
	} else if (fate <= 40 && isCourse) {
		// a confirmed one, moved: refused, accepted, unanswered, or called off by the customer
		await owner.rpc('transition_booking', { booking_id, to_status: 'confirmed' });
		for (let moves = dice.int(1, 3); moves > 0; moves--)
			await (dice.chance(0.6) ? changeSession(visitor) : changeParty());
		if ((await booking()).amount_due_minor! > 0 && dice.chance(0.5)) {
			const rest = await page(1);
			if (rest) await pay(rest, dice.pick([cards.plain, cards.disputed]));
		}
		const answer = dice.int(1, 4);
		if (answer <= 2)
			await owner.rpc('transition_booking', { booking_id, to_status: answer === 1 ? 'rejected' : 'confirmed' });
		else if (answer === 3) {
			await place.sql`update bookings set answer_by = now() - interval '1 second' where id = ${booking_id} and status = 'pending'`;
			await place.sql`select private.lapse_request(${booking_id})`;
		}
		did('a change answered');
		if (dice.chance(0.5)) await cancel();
	} else if (fate <= 48 && isCourse) {
		await owner.rpc('transition_booking', { booking_id, to_status: 'confirmed' });
		await changeSession(owner);
		if (dice.chance(0.5)) await changeParty();
		if (dice.chance(0.6)) await cancel();
	} else if (fate <= 65 && isCourse) {
		await changeParty();
		const due = (await booking()).amount_due_minor!;
		if (due > 0 && dice.chance(0.6)) {
			const rest = await page(2);
			if (rest) await pay(rest, cards.plain);
			did('paid for more people');
		}
		for (let more = dice.int(0, 3); more > 0; more--) await changeParty();
		if (dice.chance(0.4)) await cancel();
	} else if (fate <= 80) {
		const [paid] = await place.sql<{ intent: string; amount: number }[]>`
			select stripe_payment_intent as intent, amount_minor::int as amount from payments
			where booking_id = ${booking_id} and stripe_payment_intent is not null order by created_at limit 1`;
		if (paid) {
			const amount = dice.chance(0.5) ? paid.amount : dice.int(1, paid.amount);
			const refunded = await stripe.refunds.create({ payment_intent: paid.intent, amount }).catch(() => null);
			did(refunded ? 'refunded in the dashboard' : 'could not be refunded in the dashboard');
			const next = dice.int(1, 5);
			if (next <= 2) await owner.rpc('transition_booking', { booking_id, to_status: 'rejected' });
			if (next === 3) await cancel();
		}
	}
}
