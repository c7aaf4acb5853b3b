import { kinds, lines } from '../notation.ts';
import type { Domain } from '../notation.ts';

export const payments: Domain = {
	title: 'Payments',
	tables: {
		currencies: {
			about: 'How each currency is written, and what can be charged in it.',
			columns: 'code decimals min_charge_minor max_charge_minor charge_step_minor',
			anon: { select: 'all' },
			authenticated: { select: 'all' },
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				any
				  select      ✓       ✓      ✓      ·      ✓      ✓      ✓     ✓       ✓       ✓
			`
		},
		payments: {
			about: 'Deposits, and money that came unexpected. What Stripe calls them stays inside.',
			columns: `id booking_id amount_minor currency status failure_code language stripe_session_id close_page_at
				stripe_payment_intent created_at succeeded_at`,
			authenticated: { select: 'all but language stripe_session_id close_page_at stripe_payment_intent' },
			service: 'select update',
			rows: kinds`
				          anonymous client other blocked owner manager staff rival moderator admin
				of the client’s booking
				  select      ·       ✓      ·      ·      ✓      ✓      ✓     ·       ·       ✓
			`
		},
		refunds: {
			about: 'Money that goes back.',
			columns: `id payment_id booking_id amount_minor reason status account attempts next_attempt_at stripe_refund_id error replaces
				created_at`,
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
			about: 'What Stripe has told us, without people and cards; what is not understood yet waits.',
			columns: 'id type created payload outcome received_at applied_at',
			service: '',
			rows: kinds`
				any
			`
		}
	},
	functions: {
		begin_payment: {
			about: 'Begins, or takes up again, paying what is due of a booking now.',
			for: 'everyone',
			calls: lines`
				                                    anonymous client other blocked owner manager staff rival moderator admin
				the client’s held booking               ?       ✓      ?      ·      !      !      !     ?       !       !
				a guest’s, by its secret                ✓       ✓      ✓      ·      !      !      !     ✓       ✓       ✓
				the client’s, suspended provider        ?       !      ?      ·      ?      ?      ?     ?       !       !
			`
		},
		page_closed: { about: 'Says that a page of Stripe can no longer be paid.', for: 'secret key' },
		claim_pages: { about: 'Gives the worker the pages to close.', for: 'secret key' },
		order_refund_again: { about: 'Orders a refund once more that failed for good.', for: 'secret key' },
		attach_checkout: { about: 'Remembers which page of Stripe belongs to a payment.', for: 'secret key' },
		apply_stripe_event: { about: 'Takes in what Stripe tells.', for: 'secret key' },
		claim_refunds: { about: 'Gives the worker the refunds to carry out.', for: 'secret key' },
		finish_refund: { about: 'Tells what became of one.', for: 'secret key' }
	}
};
