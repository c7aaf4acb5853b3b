import { z } from 'zod';
import { emailSchema } from '#lib/accounts/schema.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { roles } from './rules.ts';

const choice = { error: 'errors.field.choice' satisfies MessageKey };
const id = z.uuid({ error: 'errors.invalid_input' satisfies MessageKey });

/** Every form of the team's page says which provider it is about; the database checks the right to it. */
const provider = { provider_id: id };

export const inviteSchema = z.object({
	...provider,
	email: emailSchema.shape.email,
	role: z.enum(['manager', 'staff'], choice)
});
export const invitationSchema = z.object({ ...provider, invitation_id: id });
export const roleSchema = z.object({ ...provider, user_id: id, role: z.enum(roles, choice) });
export const memberSchema = z.object({ ...provider, user_id: id });
export const leaveSchema = z.object(provider);
export const handOverSchema = z.object({ ...provider, user_id: id, confirmation: z.string().trim().default('') });
/** Who stands for whom: none in place of `current` where `resource_id` is empty. */
export const assignSchema = z.object({
	...provider,
	user_id: id,
	resource_id: z.union([id, z.literal('')], choice),
	current: z.union([id, z.literal('')]).default('')
});
