import { z } from 'zod';
import { required, say } from '#lib/form/schema.ts';

export const messageSchema = z.object({
	body: z.string(required).trim().min(1, required).max(4000, say('errors.field.too_long'))
});
