import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const payments: Domain = {
	title: 'Payments',
	tables: {
		payments: {
			about: 'Deposits. What Stripe calls them stays inside.',
			columns: `id booking_id amount_minor currency status failure_code stripe_session_id stripe_payment_intent created_at
				succeeded_at`,
			authenticated: { select: 'all but stripe_session_id stripe_payment_intent' },
			service: 'select update',
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of the client’s booking
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ✓
			`
		},
		refunds: {
			about: 'Money that goes back.',
			columns: `id payment_id booking_id amount_minor reason status attempts next_attempt_at stripe_refund_id error created_at`,
			authenticated: { select: 'id booking_id amount_minor reason status created_at' },
			service: 'select update',
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of the client’s booking
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ✓
			`
		},
		ledger_entries: {
			about: 'The double-entry book. Nothing in it is ever changed or removed.',
			columns: 'id posting_id account provider_id booking_id amount_minor currency created_at',
			authenticated: { select: 'all' },
			service: '',
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of the client’s booking
				  select      ·       ·      ·      ·      ✓      ✓      ·     ·       ·       ✓
			`
		},
		stripe_events: {
			about: 'What Stripe has told us already.',
			columns: 'id type outcome received_at',
			service: '',
			rows: kinds`
				any
			`
		}
	},
	functions: {
		begin_payment: {
			about: 'Begins, or takes up again, paying the deposit of a held booking.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s held booking               ?       ✓      ?      ·      !      !      !     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      !      !      !     ✓       ✓       ✓
				the client’s, suspended provider        ?       !      ?      ·      ?      ?      ?     ?       !       !
			`
		},
		attach_checkout: { about: 'Remembers which page of Stripe belongs to a payment.', for: 'secret key' },
		apply_stripe_event: { about: 'Takes in what Stripe tells.', for: 'secret key' },
		claim_refunds: { about: 'Gives the worker the refunds to carry out.', for: 'secret key' },
		finish_refund: { about: 'Tells what became of one.', for: 'secret key' }
	}
};
