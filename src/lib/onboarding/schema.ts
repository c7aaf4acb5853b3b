import { z } from 'zod';
import { phone } from '#lib/form/contact.ts';
import { asName, required, say } from '#lib/form/schema.ts';
import { parseMoney } from '#lib/money/money.ts';

const text = (min: number, max: number) =>
	z
		.string(required)
		.trim()
		.min(1, required)
		.min(min, say('onboarding.too_short'))
		.max(max, say('errors.field.too_long'));
const slug = z.string(say('errors.field.choice')).regex(/^[a-z0-9-]{1,60}$/, say('errors.field.choice'));

/** An amount as people write it ("150", "149,50"), in minor units of the dirham; at most a million dirhams. */
const price = z
	.string(required)
	.trim()
	.min(1, required)
	.transform((typed) => parseMoney(typed, 'MAD'))
	.refine((minor) => minor !== null && minor <= 100_000_000, say('onboarding.price_wrong'))
	.transform((minor) => minor!);

const minutes = z
	.string(required)
	.trim()
	.min(1, required)
	.refine(
		(typed) => /^\d{1,4}$/.test(typed) && Number(typed) >= 5 && Number(typed) <= 1440,
		say('onboarding.minutes_wrong')
	)
	.transform(Number);

/** The trade to be told of. */
export const tradeSchema = z.object({ trade: slug });

/** What each step asks; the names are those of `start_provider` where it refuses a field. */
export const schemas = {
	who: z.object({ name: asName(text(2, 120)), category_slug: slug, phone }),
	where: z.object({ city_slug: slug, district: text(1, 120), address: text(1, 300) }),
	service: z.object({
		service_name: asName(text(2, 120)),
		duration_minutes: minutes,
		price_minor: price,
		place: z.enum(['customer', 'provider'], say('errors.field.choice'))
	})
};
