import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { bulkMoves, listedStatuses, sorts } from './choices.ts';

const given = <Schema extends z.ZodType>(schema: Schema) =>
	z.preprocess((value) => (value === '' ? undefined : value), schema.optional()).catch(undefined);

/**
 * What the list of bookings keeps in its address. Days are local ones of the provider, YYYY-MM-DD, both included.
 * Whatever does not fit is dropped: a mangled link still shows a list.
 */
export const listSchema = z.object({
	/** a part of the customer's name or of the reference */
	q: given(z.string().trim().min(1).max(100)),
	status: given(z.enum(listedStatuses)),
	from: given(z.iso.date()),
	to: given(z.iso.date()),
	service: given(z.uuid()),
	resource: given(z.uuid()),
	sort: given(z.enum(sorts)),
	/** from 1 */
	page: given(z.coerce.number().int().min(2).max(100_000))
});

export type BookingList = Partial<z.infer<typeof listSchema>>;

/** Reads the list's address. */
export function listOf({ searchParams }: URL): BookingList {
	return listSchema.parse(Object.fromEntries(searchParams));
}

const say = (key: MessageKey) => ({ error: key });

export const bulkSchema = z.object({
	ids: z
		.array(z.uuid(say('errors.invalid_input')))
		.min(1, say('dashboard.bulk.none'))
		.max(100, say('errors.invalid_input')),
	to_status: z.enum(bulkMoves, say('errors.invalid_input')),
	reason: z.string().trim().max(500, say('errors.field.too_long')).default('')
});
