import { z } from 'zod';
import { email, mailAddress, phone, phoneNumber } from '#lib/form/contact.ts';
import { asName, instant, localDay, required, say } from '#lib/form/schema.ts';

const text = (max: number) => z.string().trim().max(max, say('errors.field.too_long')).default('');

/** Where one stands in the booking wizard: kept in its address. Whatever does not fit is dropped. */
export const wizardSchema = z.object({
	/** for how many */
	party: z.coerce.number().int().min(1).max(1000).optional().catch(undefined),
	/** the instant chosen, as ISO text */
	at: instant().optional().catch(undefined),
	/** the local day shown, YYYY-MM-DD */
	day: localDay().optional().catch(undefined),
	session: z.uuid().optional().catch(undefined),
	/** labels of the numbered seats chosen */
	seats: z.array(z.string().min(1).max(12)).max(100).default([]).catch([]),
	promo: z.string().trim().min(1).max(40).optional().catch(undefined),
	/** a choice made already that is to be made again */
	step: z.enum(['seats']).optional().catch(undefined)
});

export type Wizard = z.infer<typeof wizardSchema>;

/** Reads the wizard's address. */
export function wizardOf({ searchParams }: URL): Wizard {
	return wizardSchema.parse({
		...Object.fromEntries(searchParams),
		seats: [...new Set(searchParams.getAll('seats'))]
	});
}

/** A field that must be filled where the form shows it. */
const asked = (max: number) => z.string().trim().min(1, required).max(max, say('errors.field.too_long'));

/** Stands for the terms that were shown, as the database gives it with them. */
export const termsSchema = z.string().regex(/^[0-9a-f]{64}$/, say('errors.price_changed'));

/**
 * What the wizard's form holds; a visitor is asked for name and address, and who is visited for theirs. For comfort only,
 * so that all that is wrong is said at once: the database checks all of it again.
 */
export const bookingFormSchema = z.object({
	key: z.uuid(),
	/** for how many, where the service leaves no choice */
	party: z.coerce.number().int().min(1).max(1000).catch(1),
	/** what the customer was shown of its price, deposit and policy */
	terms: termsSchema,
	/** said of a second booking at the same time: it is meant */
	again: z.literal('yes').optional(),
	name: asName(asked(120)).optional(),
	email: email.optional(),
	phone,
	line: asked(300).optional(),
	district: text(120),
	city: text(120),
	details: text(300),
	notes: text(2000)
});

/** Asking for the link of a booking again: its reference, and the mail address or phone number that it was made with. */
export const findBookingSchema = z.object({
	reference: z
		.string(required)
		.transform((typed) => typed.replace(/[\s.-]/g, '').toUpperCase())
		.pipe(z.string().regex(/^KH[2-9A-Z]{8}$/, say('booking.find.reference_problem'))),
	contact: z
		.string(required)
		.refine((typed) => mailAddress(typed) ?? phoneNumber(typed), say('booking.find.contact_problem'))
});

export type BookingForm = z.infer<typeof bookingFormSchema>;
