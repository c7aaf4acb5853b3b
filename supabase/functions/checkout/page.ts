import Stripe from 'stripe';
import { DatabaseError } from '../_shared/database.ts';
import { closePage } from '../_shared/stripe.ts';
import { sessionParameters } from './session.ts';
import type { Payment } from './session.ts';

/** What opening a page needs of the database. */
export interface Payments {
	/** The payment that is due now; there is one at a time. */
	begin(): Promise<Payment>;
	/** Remembers the page of a payment. False where the payment has ended meanwhile. */
	attach(paymentId: string, sessionId: string): Promise<boolean>;
	/** Ends a payment whose page can no longer be paid, so that another may begin. */
	closed(paymentId: string): Promise<void>;
}

/**
 * The payment's page, made where there is none; undefined where what is asked for is not what was asked with this id before (a
 * service renamed just then): this payment can have no page any more.
 */
async function sessionOf(
	stripe: Stripe,
	payment: Payment,
	siteUrl: string
): Promise<Stripe.Checkout.Session | undefined> {
	if (payment.stripe_session_id) return await stripe.checkout.sessions.retrieve(payment.stripe_session_id);
	for (let wait = 100; ; wait *= 2)
		try {
			return await stripe.checkout.sessions.create(sessionParameters(payment, { siteUrl, nowMs: Date.now() }), {
				idempotencyKey: payment.payment_id
			});
		} catch (error) {
			// somebody asks for it in this moment (a double tap): theirs is ours too
			if (error instanceof Stripe.errors.StripeError && error.code === 'idempotency_key_in_use' && wait < 5000)
				await new Promise((next) => setTimeout(next, wait));
			else if (error instanceof Stripe.errors.StripeIdempotencyError) return undefined;
			else throw error;
		}
}

/**
 * The address of the one page on which a payment can be made. The payment's id alone is the idempotency key, and all that is
 * asked for comes from the payment: however many ask at once, in whatever language, Stripe makes one page. One that has
 * ended ends its payment too, and the next has an id of its own. Raises invalid_transition when it is paid already and only
 * the news is on its way.
 */
export async function pageOf(stripe: Stripe, payments: Payments, siteUrl: string): Promise<string> {
	for (let attempt = 0; attempt < 3; attempt++) {
		const payment = await payments.begin();
		const session = await sessionOf(stripe, payment, siteUrl);
		if (session?.status === 'complete') throw new DatabaseError(409, 'invalid_transition', 'invalid_transition');
		if (session?.status === 'open' && session.url) {
			if (payment.stripe_session_id || (await payments.attach(payment.payment_id, session.id))) return session.url;
			// The booking has changed in this moment: nobody is to pay this any more.
			await closePage(stripe, session.id);
		} else await payments.closed(payment.payment_id);
	}
	throw new DatabaseError(409, 'invalid_transition', 'invalid_transition');
}
