import { invalidRequest } from './api/failure.ts';

/** Currencies that a Moroccan or European account charges in, with the least amount of a charge in their smallest unit. */
const minimum: Record<string, number> = {
	// Stripe publishes no least amount in dirhams: it asks for the worth of half a dollar.
	mad: 500,
	aed: 200,
	aud: 50,
	bgn: 100,
	brl: 50,
	cad: 50,
	chf: 50,
	czk: 1500,
	dkk: 250,
	eur: 50,
	gbp: 30,
	hkd: 400,
	huf: 17500,
	inr: 50,
	jpy: 50,
	mxn: 1000,
	myr: 200,
	nok: 300,
	nzd: 50,
	pln: 200,
	ron: 200,
	sek: 300,
	sgd: 50,
	thb: 1000,
	usd: 50,
	dzd: 7000,
	egp: 2500,
	mur: 2500,
	ngn: 80000,
	qar: 200,
	sar: 200,
	tnd: 1600,
	try: 2000,
	xaf: 300,
	xof: 300,
	zar: 1000,
	bhd: 190,
	jod: 360,
	kwd: 160,
	omr: 200
};

/** The least charge of a currency in its smallest unit, or undefined for one that is not known. */
export function leastCharge(currency: string): number | undefined {
	return minimum[currency.toLowerCase()];
}

/** Of currencies with three decimals Stripe makes no charge and no refund whose last digit is not 0. */
const inTens = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** The largest charge, in any currency's smallest unit. */
const most = 99_999_999;

/** Whole and smallest unit: 12000 in MAD is "120,00 MAD". Locale decides the form. */
export function money(amount: number, currency: string, locale = 'en'): string {
	const format = new Intl.NumberFormat(locale, {
		style: 'currency',
		currency: currency.toUpperCase(),
		currencyDisplay: 'code'
	});
	return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** The currency in lower case. Raises for one that is not known. */
export function knownCurrency(given: string, param: string): string {
	const currency = given.toLowerCase();
	if (!(currency in minimum)) {
		throw invalidRequest(
			`Invalid currency: ${given}. Stripe currently supports these currencies: ${Object.keys(minimum).sort().join(', ')}`,
			{ param }
		);
	}
	return currency;
}

/** Raises when an amount is not one that can be charged: too small, too large, or of a part that is not. */
export function chargeable(amount: number, currency: string, param: string): void {
	const least = minimum[currency] ?? 50;
	if (amount < least) {
		throw invalidRequest(`Amount must be at least ${money(least, currency)}`, { code: 'amount_too_small', param });
	}
	if (amount > most)
		throw invalidRequest(`Amount must be no more than ${money(most, currency)}`, { code: 'amount_too_large', param });
	inWholeParts(amount, currency, param);
}

/** Raises for an amount with a last digit that is neither charged nor given back. */
export function inWholeParts(amount: number, currency: string, param: string): void {
	if (inTens.has(currency) && amount % 10 !== 0) {
		throw invalidRequest(`Amount must be divisible by 10 for ${currency.toUpperCase()}`, {
			code: 'parameter_invalid_integer',
			param
		});
	}
}
