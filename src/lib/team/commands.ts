import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { Role } from './rules.ts';

// Each raises Refusal with what the function of the database raises; see 000230_team.

/** Invites an address by mail, or sends it a new link in place of the last one. */
export async function invite(client: Client, providerId: string, email: string, role: Role): Promise<void> {
	unwrap(await client.rpc('invite_member', { provider_id: providerId, email, role }));
}

export async function revoke(client: Client, invitationId: string): Promise<void> {
	done(await client.rpc('revoke_invitation', { invitation_id: invitationId }));
}

/** Joins the team that invited the caller; gives the provider's id. */
export async function accept(client: Client, token: string): Promise<string> {
	return unwrap(await client.rpc('accept_invitation', { token })) as string;
}

export async function setRole(client: Client, providerId: string, userId: string, role: Role): Promise<void> {
	done(await client.rpc('set_member_role', { provider_id: providerId, user_id: userId, role }));
}

export async function remove(client: Client, providerId: string, userId: string): Promise<void> {
	done(await client.rpc('remove_member', { provider_id: providerId, user_id: userId }));
}

export async function leave(client: Client, providerId: string): Promise<void> {
	done(await client.rpc('leave_provider', { provider_id: providerId }));
}

/** Makes another member the owner; the caller stays as manager. */
export async function handOver(client: Client, providerId: string, userId: string): Promise<void> {
	done(await client.rpc('transfer_ownership', { provider_id: providerId, user_id: userId }));
}

/** Says which account a member of staff in the calendar is; null for none. */
export async function assign(client: Client, resourceId: string, userId: string | null): Promise<void> {
	// A null is sent as such; the generated type knows no null arguments.
	done(await client.rpc('assign_resource', { resource_id: resourceId, user_id: userId as string }));
}

function done({ error }: { error: unknown }): void {
	unwrap({ data: true, error });
}
