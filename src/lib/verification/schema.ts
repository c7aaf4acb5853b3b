import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { kinds } from './kinds.ts';

/** The largest file that is taken, in bytes; the bucket has the same limit. */
export const maxBytes = 10 * 1024 * 1024;

const id = z.uuid({ error: 'errors.invalid_input' satisfies MessageKey });

export const uploadSchema = z.object({
	provider_id: id,
	kind: z.enum(kinds, { error: 'errors.field.choice' satisfies MessageKey }),
	file: z
		.instanceof(File, { error: 'verification.upload.none' satisfies MessageKey })
		.refine(({ size }) => size > 0, { error: 'verification.upload.none' satisfies MessageKey })
		.refine(({ size }) => size <= maxBytes, { error: 'verification.upload.large' satisfies MessageKey })
});
export const documentSchema = z.object({ document_id: id });
export const requestSchema = z.object({ provider_id: id });
