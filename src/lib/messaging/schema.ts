import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';

const say = (key: MessageKey) => ({ error: key });

export const messageSchema = z.object({
	body: z
		.string(say('errors.field.required'))
		.trim()
		.min(1, say('errors.field.required'))
		.max(4000, say('errors.field.too_long'))
});
