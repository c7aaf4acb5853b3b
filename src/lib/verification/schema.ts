import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';

/** What a document proves, as the database knows it. */
export const kinds = ['identity', 'registration', 'address', 'other'] as const;
export type DocumentKind = (typeof kinds)[number];

/** The largest file that is taken, in bytes; the bucket has the same limit. */
export const maxBytes = 10 * 1024 * 1024;

/** What a browser's file dialog offers; what the file holds decides. */
export const accepted = 'application/pdf,image/jpeg,image/png,image/webp';

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
