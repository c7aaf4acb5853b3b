import { z } from 'zod';
import { localDay, rowId, say } from '#lib/form/schema.ts';
import { parseMoney } from '#lib/money/money.ts';

/** The largest sum that a code takes off, in minor units. */
const mostMinor = 100_000_000;

/** A whole number, or null where nothing was typed. */
const whole = (most: number) =>
	z
		.string()
		.trim()
		.default('')
		.refine((typed) => typed === '' || (/^\d{1,7}$/.test(typed) && +typed >= 1 && +typed <= most), {
			...say('promotions.error.whole')
		})
		.transform((typed) => (typed === '' ? null : Number(typed)));

/** A sum of a currency in minor units, 0 where nothing was typed. */
const sum = (currency: string) =>
	z
		.string()
		.trim()
		.default('')
		.refine((typed) => typed === '' || (parseMoney(typed, currency) ?? mostMinor + 1) <= mostMinor, {
			...say('promotions.error.amount')
		})
		.transform((typed) => (typed === '' ? 0 : parseMoney(typed, currency)!));

const day = localDay(say('promotions.error.day')).or(z.literal('')).default('');

const terms = (currency: string) => ({
	/** the least price it holds for */
	min_price: sum(currency),
	/** local days of the provider, both included; empty: at once, and for good */
	from: day,
	to: day,
	max_uses: whole(1_000_000),
	max_uses_each: whole(1000)
});

const inOrder = ({ from, to }: { from: string; to: string }) => from === '' || to === '' || from <= to;
const misordered = { ...say('promotions.error.order'), path: ['to'] };

/** What may still be changed of a code: not what it is called and takes off, as customers have been told that. */
export const termsSchema = (currency: string) => z.object(terms(currency)).refine(inOrder, misordered);

/** A new code of a provider, whose sums are in `currency`. */
export const promoSchema = (currency: string) =>
	z
		.object({
			/** as it is typed; kept in capitals without spaces */
			code: z
				.string()
				.transform((typed) => typed.replace(/\s/g, '').toUpperCase())
				.pipe(z.string().regex(/^[A-Z0-9]{3,20}$/, say('promotions.error.code'))),
			kind: z.enum(['percent', 'amount'], say('errors.field.choice')),
			/** a share in percent, or a sum, by its kind */
			value: z.string().trim(),
			/** empty: every service */
			service: z.uuid(say('errors.field.choice')).or(z.literal('')).default(''),
			...terms(currency)
		})
		.refine(inOrder, misordered)
		.refine(({ kind, value }) => kind !== 'percent' || (/^\d{1,3}$/.test(value) && +value >= 1 && +value <= 100), {
			...say('promotions.error.percent'),
			path: ['value']
		})
		.refine(
			({ kind, value }) => {
				const minor = parseMoney(value, currency);
				return kind !== 'amount' || (minor !== null && minor >= 1 && minor <= mostMinor);
			},
			{ ...say('promotions.error.amount'), path: ['value'] }
		);

export type PromoForm = z.output<ReturnType<typeof promoSchema>>;
export type PromoTerms = z.output<ReturnType<typeof termsSchema>>;

export const switchSchema = z.object({
	id: rowId,
	active: z.enum(['true', 'false'], say('errors.invalid_input')).transform((typed) => typed === 'true')
});
