import { randomUUID } from 'node:crypto';
import { clientAddress } from './client.ts';
import type { AuthRequest, Database } from './request.ts';
import { instance } from './users.ts';
import type { User } from './users.ts';

/** Kinds under which the dashboard's log groups what happened. */
const kinds = {
	login: 'account',
	logout: 'account',
	user_signedup: 'team',
	user_repeated_signup: 'user',
	user_invited: 'team',
	user_deleted: 'team',
	user_modified: 'user',
	user_recovery_requested: 'user',
	user_reauthenticate_requested: 'user',
	user_confirmation_requested: 'user',
	user_updated_password: 'user',
	token_refreshed: 'token',
	token_revoked: 'token',
	identity_linked: 'user',
	identity_unlinked: 'user',
	factor_in_progress: 'factor',
	factor_unenrolled: 'factor',
	challenge_created: 'factor',
	verification_attempted: 'factor'
} as const;

/** Adds one line to the audit trail; `actor` is null for the service role. */
export async function audit(
	database: Database,
	request: AuthRequest,
	actor: User | null,
	action: keyof typeof kinds,
	traits?: Record<string, string>
): Promise<void> {
	const payload = {
		action,
		actor_id: actor?.id ?? instance,
		actor_username: actor?.email ?? actor?.phone ?? 'service_role',
		actor_via_sso: false,
		log_type: kinds[action],
		...(traits && { traits })
	};
	await database`
		insert into auth.audit_log_entries (instance_id, id, payload, created_at, ip_address)
		values (${instance}, ${randomUUID()}, ${database.json(payload)}, now(), ${clientAddress(request)})`;
}
