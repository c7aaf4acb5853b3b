import type { Client, Filled } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';
import type { PlatformRole } from './vocabulary.ts';

/* What platform staff do. Each raises Refusal with the codes of the database function that it calls. */

/** Closes an account until it is restored; its sessions end at once. */
export async function suspendAccount(client: Client, id: string, reason: string): Promise<void> {
	unwrap(await client.rpc('suspend_account', { user_id: id, reason }));
}

export async function restoreAccount(client: Client, id: string): Promise<void> {
	unwrap(await client.rpc('restore_account', { user_id: id }));
}

export async function grantRole(client: Client, id: string, role: PlatformRole): Promise<void> {
	unwrap(await client.rpc('grant_role', { user_id: id, role }));
}

export async function revokeRole(client: Client, id: string, role: PlatformRole): Promise<void> {
	unwrap(await client.rpc('revoke_role', { user_id: id, role }));
}

/** Takes a provider off the platform until it is restored. */
export async function suspendProvider(client: Client, id: string, reason: string): Promise<void> {
	unwrap(await client.rpc('suspend_provider', { provider_id: id, reason }));
}

/** Gives a suspended provider back to its owner as a draft. */
export async function restoreProvider(client: Client, id: string): Promise<void> {
	unwrap(await client.rpc('restore_provider', { provider_id: id }));
}

/** How to reach the customer of a booking, for a reason that the log keeps. */
export async function revealContact(client: Client, id: string, reason: string) {
	unwrap(await client.rpc('reveal_booking_contact', { booking_id: id, reason }));
	const [contact] = unwrap(await client.rpc('revealed_contact', { booking_id: id }));
	return contact! as Filled<typeof contact & object, 'phone' | 'address'>;
}

/** Decides on a provider's documents; its owners are told, with the note. */
export async function decideVerification(client: Client, id: string, accepted: boolean, note: string): Promise<void> {
	unwrap(await client.rpc('decide_verification', { verification_id: id, accepted, note }));
}

/** Which town a request is for: one there is, by its slug, or a new one. */
export type Town =
	| { slug: string }
	| {
			name_fr: string;
			name_ar: string;
			name_en: string;
			latitude: string;
			longitude: string;
			time_zone: string;
	  };

/** Answers what somebody who begins has asked for; they are told, with the note. `town` where one is accepted. */
export async function decideRequest(
	client: Client,
	id: string,
	answer: { accepted: boolean; note: string; town?: Town }
): Promise<void> {
	const { accepted, note, town } = answer;
	const { error } = await client.rpc('decide_start_request', { request_id: id, accepted, note, city: town });
	unwrap({ data: true, error });
}
