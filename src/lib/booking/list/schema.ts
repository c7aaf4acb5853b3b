import { z } from 'zod';
import { localDay, rowId, say } from '#lib/form/schema.ts';
import { given } from '#lib/list/schema.ts';
import { bulkMoves, listedStatuses, sorts } from './choices.ts';

/**
 * What the list of bookings keeps in its address. Days are local ones of the provider, YYYY-MM-DD, both included.
 */
export const listSchema = z.object({
	/** a part of the customer's name or of the reference */
	q: given(z.string().trim().min(1).max(100)),
	status: given(z.enum(listedStatuses)),
	from: given(localDay()),
	to: given(localDay()),
	service: given(z.uuid()),
	resource: given(z.uuid()),
	sort: given(z.enum(sorts)),
	/** from 1 */
	page: given(z.coerce.number().int().min(2).max(100_000))
});

export type BookingList = Partial<z.infer<typeof listSchema>>;

export const bulkSchema = z.object({
	ids: z.array(rowId).min(1, say('dashboard.bulk.none')).max(100, say('errors.invalid_input')),
	to_status: z.enum(bulkMoves, say('errors.invalid_input')),
	reason: z.string().trim().max(500, say('errors.field.too_long')).default('')
});
