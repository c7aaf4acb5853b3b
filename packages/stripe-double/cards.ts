import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { newId } from './ids.ts';

/** Why a bank says no. */
export interface Decline {
	code: 'card_declined' | 'expired_card' | 'incorrect_cvc' | 'processing_error';
	decline_code: string;
}

/** What a test card does. */
interface Behaviour {
	decline?: Decline;
	/** asks the holder to prove who they are */
	authenticate?: true;
	/** its first refund: pending a while, or taken back by the bank after it was made */
	refund?: 'pending' | 'failed';
	/** the holder disputes the charge as soon as it is made, with this reason */
	dispute?: 'fraudulent' | 'product_not_received';
}

const declined = (decline_code: string): Behaviour => ({ decline: { code: 'card_declined', decline_code } });

/** Stripe's published test numbers; any other valid number is refused, as in test mode. */
const numbers: Record<string, Behaviour> = {
	'4242424242424242': {},
	'4000056655665556': {},
	'4000005040000001': {},
	'5555555555554444': {},
	'5200828282828210': {},
	'378282246310005': {},
	'4000000000000002': declined('generic_decline'),
	'4000000000009995': declined('insufficient_funds'),
	'4000000000009987': declined('lost_card'),
	'4000000000009979': declined('stolen_card'),
	'4000000000006975': declined('card_velocity_exceeded'),
	'4000000000000069': { decline: { code: 'expired_card', decline_code: 'expired_card' } },
	'4000000000000127': { decline: { code: 'incorrect_cvc', decline_code: 'incorrect_cvc' } },
	'4000000000000119': { decline: { code: 'processing_error', decline_code: 'processing_error' } },
	'4000002500003155': { authenticate: true },
	'4000002760003184': { authenticate: true },
	'4000000000003220': { authenticate: true },
	'4000000000007726': { refund: 'pending' },
	'4000000000005126': { refund: 'failed' },
	'4000000000000259': { dispute: 'fraudulent' },
	'4000000000002685': { dispute: 'product_not_received' },
	'4000008400001629': { authenticate: true, ...declined('generic_decline') }
};

/** The names by which the API takes the same cards. */
const names: Record<string, string> = {
	pm_card_visa: '4242424242424242',
	pm_card_visa_debit: '4000056655665556',
	pm_card_mastercard: '5555555555554444',
	pm_card_amex: '378282246310005',
	pm_card_chargeDeclined: '4000000000000002',
	pm_card_visa_chargeDeclined: '4000000000000002',
	pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
	pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
	pm_card_chargeDeclinedLostCard: '4000000000009987',
	pm_card_chargeDeclinedExpiredCard: '4000000000000069',
	pm_card_chargeDeclinedIncorrectCvc: '4000000000000127',
	pm_card_chargeDeclinedProcessingError: '4000000000000119',
	pm_card_pendingRefund: '4000000000007726',
	pm_card_refundFail: '4000000000005126',
	pm_card_createDispute: '4000000000000259',
	pm_card_createDisputeProductNotReceived: '4000000000002685',
	pm_card_authenticationRequired: '4000002500003155',
	pm_card_threeDSecure2Required: '4000000000003220'
};

/** The number behind a name such as pm_card_visa. */
export function namedCard(name: string): string | undefined {
	return names[name];
}

/** Luhn's check. */
export function validNumber(number: string): boolean {
	if (!/^\d{13,19}$/.test(number)) return false;
	const sum = [...number].toReversed().reduce((total, digit, index) => {
		const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
		return total + (value > 9 ? value - 9 : value);
	}, 0);
	return sum % 10 === 0;
}

export function isTestCard(number: string): boolean {
	return number in numbers;
}

function fingerprintOf(number: string): string {
	return createHash('sha256').update(`double ${number}`).digest('base64url').slice(0, 16);
}

const byFingerprint = new Map(Object.entries(numbers).map(([number, behaviour]) => [fingerprintOf(number), behaviour]));

/** What the card of a payment method does. The number itself is never kept: the fingerprint tells which card it was. */
export function behaviourOf(method: Stripe.PaymentMethod): Behaviour {
	return byFingerprint.get(method.card?.fingerprint ?? '') ?? {};
}

/** The words that Stripe's API gives for a decline, in English. */
export const declineMessages: Record<string, string> = {
	generic_decline: 'Your card was declined.',
	insufficient_funds: 'Your card has insufficient funds.',
	lost_card: 'Your card was declined.',
	stolen_card: 'Your card was declined.',
	card_velocity_exceeded:
		'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
	expired_card: 'Your card has expired.',
	incorrect_cvc: "Your card's security code is incorrect.",
	processing_error: 'An error occurred while processing your card. Try again in a little bit.'
};

interface Holder {
	email: string | null;
	name: string | null;
}

/** A payment method of the card. Only brand, last digits and expiry stay. */
export function paymentMethod(
	number: string,
	expiry: { month: number; year: number },
	holder: Holder,
	created: number
): Stripe.PaymentMethod {
	const brand = number.startsWith('4') ? 'visa' : number.startsWith('3') ? 'amex' : 'mastercard';
	return {
		id: newId('pm_1'),
		object: 'payment_method',
		allow_redisplay: 'unspecified',
		billing_details: {
			address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
			email: holder.email,
			name: holder.name,
			phone: null,
			tax_id: null
		},
		card: {
			brand,
			checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
			country: number === '4000005040000001' ? 'MA' : 'US',
			display_brand: brand,
			exp_month: expiry.month,
			exp_year: expiry.year,
			fingerprint: fingerprintOf(number),
			funding: number === '4000056655665556' ? 'debit' : 'credit',
			generated_from: null,
			last4: number.slice(-4),
			networks: { available: [brand], preferred: null },
			regulated_status: 'unregulated',
			three_d_secure_usage: { supported: true },
			wallet: null
		},
		created,
		customer: null,
		customer_account: null,
		livemode: false,
		metadata: {},
		type: 'card'
	};
}
