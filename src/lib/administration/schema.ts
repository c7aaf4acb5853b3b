import { z } from 'zod';
import { localDay, required, rowId, say } from '#lib/form/schema.ts';
import { cursor, given } from '#lib/list/schema.ts';
import { provider_status } from '#lib/supabase/lists.ts';
import { auditedActions, auditedTables, platformRoles } from './vocabulary.ts';

const words = given(z.string().trim().min(1).max(200));

/* What the lists keep in their addresses. */
export const accountListSchema = z.object({ q: words, after: cursor });
export const bookingSearchSchema = z.object({ q: words });
export const verificationListSchema = z.object({ after: cursor });
export const providerListSchema = z.object({ q: words, status: given(z.enum(provider_status)), after: cursor });
export const auditListSchema = z.object({
	table: given(z.enum(auditedTables)),
	action: given(z.enum(auditedActions)),
	actor: given(z.guid()),
	row: words,
	provider: given(z.guid()),
	/** local days, both included */
	from: given(localDay()),
	to: given(localDay()),
	after: cursor
});

export type AccountList = Partial<z.output<typeof accountListSchema>>;
export type ProviderList = Partial<z.output<typeof providerListSchema>>;
export type AuditList = Partial<z.output<typeof auditListSchema>>;

/** The ids typed into the filters of the log that are none, so that their fields can say so. */
export function mistypedIds({ searchParams }: URL): ('actor' | 'provider')[] {
	return (['actor', 'provider'] as const).filter((name) => {
		const typed = searchParams.get(name);
		return typed && !z.guid().safeParse(typed).success;
	});
}

export const suspendSchema = z.object({
	reason: z.string(required).trim().min(1, required).max(500, say('errors.field.too_long'))
});

/** Who looks at how to reach somebody says why, in words that the log keeps. */
export const revealSchema = z.object({
	reason: z.string(required).trim().min(3, required).max(500, say('errors.field.too_long'))
});

/** Restoring needs no words. */
export const restoreSchema = z.object({});

export const roleSchema = z.object({
	role: z.enum(platformRoles, say('errors.field.choice')),
	/** the account's address, typed out, where the role is the highest */
	confirmation: z.string().trim().toLowerCase().default('')
});

const note = z.string().trim().max(1000, say('errors.field.too_long'));
export const acceptSchema = z.object({ note: note.default('') });
export const refuseSchema = z.object({ note: note.min(1, required) });

const answerNote = z.string().trim().max(500, say('errors.field.too_long'));
const townName = z.string().trim().max(80, say('errors.field.too_long')).default('');
/** A request is accepted with the town that it is for, where it is for one: chosen from the list, or a new one. */
export const acceptRequestSchema = z.object({
	request_id: rowId,
	note: answerNote.default(''),
	city: z.string().max(60).default(''),
	name_fr: townName,
	name_ar: townName,
	name_en: townName,
	latitude: z.string().trim().max(20).default(''),
	longitude: z.string().trim().max(20).default(''),
	time_zone: z.string().trim().max(60).default('')
});
export const declineRequestSchema = z.object({ request_id: rowId, note: answerNote.min(1, required) });
