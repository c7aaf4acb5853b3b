import { z } from 'zod';
import { emailSchema } from '#lib/accounts/schema.ts';
import { rowId, say } from '#lib/form/schema.ts';
import { roles } from './rules.ts';

const choice = say('errors.field.choice');

/** Every form of the team's page says which provider it is about; the database checks the right to it. */
const provider = { provider_id: rowId };

export const inviteSchema = z.object({
	...provider,
	email: emailSchema.shape.email,
	role: z.enum(roles, choice).exclude(['owner'])
});
export const invitationSchema = z.object({ ...provider, invitation_id: rowId });
export const roleSchema = z.object({ ...provider, user_id: rowId, role: z.enum(roles, choice) });
export const memberSchema = z.object({ ...provider, user_id: rowId });
export const leaveSchema = z.object(provider);
export const handOverSchema = z.object({ ...provider, user_id: rowId, confirmation: z.string().trim().default('') });
/** Who stands for whom: none in place of `current` where `resource_id` is empty. */
export const assignSchema = z.object({
	...provider,
	user_id: rowId,
	resource_id: z.union([rowId, z.literal('')], choice),
	current: z.union([rowId, z.literal('')]).default('')
});
