import { z } from 'zod';
import { bookingFormSchema } from '#lib/booking/schema.ts';
import { localDay, required, say } from '#lib/form/schema.ts';

/** What the waitlist's page may be asked for: kept in its address. Whatever does not fit is dropped. */
export const waitlistSchema = z.object({
	/** the local day from which on to wait, YYYY-MM-DD */
	day: localDay().optional().catch(undefined),
	party: z.coerce.number().int().min(1).max(1000).optional().catch(undefined),
	/** the session to wait for */
	session: z.uuid().optional().catch(undefined)
});

/** What its form holds: the days that suit (of a session: none), how many come, and who waits. */
export const joinSchema = bookingFormSchema.omit({ key: true, terms: true, again: true, notes: true }).extend({
	from: localDay(required).or(z.literal('')).default(''),
	to: localDay(required).or(z.literal('')).default(''),
	party: z.coerce.number(say('errors.party_size')).int(say('errors.party_size')).default(1)
});

export type JoinForm = z.infer<typeof joinSchema>;
