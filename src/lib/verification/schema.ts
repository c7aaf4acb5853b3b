import { z } from 'zod';
import { rowId, say } from '#lib/form/schema.ts';
import { document_kind } from '#lib/supabase/lists.ts';

/** The largest file that is taken, in bytes; the bucket has the same limit. */
const maxBytes = 10 * 1024 * 1024;

export const uploadSchema = z.object({
	provider_id: rowId,
	kind: z.enum(document_kind, say('errors.field.choice')),
	file: z
		.instanceof(File, say('verification.upload.none'))
		.refine(({ size }) => size > 0, say('verification.upload.none'))
		.refine(({ size }) => size <= maxBytes, say('verification.upload.large'))
});
export const documentSchema = z.object({ document_id: rowId });
export const requestSchema = z.object({ provider_id: rowId });
