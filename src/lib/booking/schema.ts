import { z } from 'zod';

/** An address's query on the way through the booking wizard. */
export const wizardSchema = z.object({
	service: z.uuid().optional().catch(undefined),
	/** the instant chosen, as ISO text */
	at: z.iso.datetime({ offset: true }).optional().catch(undefined),
	/** the local day shown, YYYY-MM-DD */
	day: z.iso.date().optional().catch(undefined)
});

/** What the wizard's form asks of the customer. Messages are error keys; the database checks all of it again. */
export const bookingDetailsSchema = z.object({
	name: z.string().trim().min(1).max(120).optional(),
	email: z.email().max(254).optional(),
	phone: z
		.string()
		.trim()
		.regex(/^[+0-9][0-9\s().-]{7,24}$/)
		.or(z.literal('').transform(() => undefined))
		.optional(),
	notes: z.string().trim().max(2000).default(''),
	address: z
		.object({
			line: z.string().trim().min(3).max(300),
			district: z.string().trim().max(120).optional(),
			city: z.string().trim().max(120).optional(),
			details: z.string().trim().max(300).optional()
		})
		.optional()
});

export type BookingDetails = z.infer<typeof bookingDetailsSchema>;
