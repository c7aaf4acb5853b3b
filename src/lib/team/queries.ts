import type { Language } from '#lib/i18n/languages.ts';
import type { Client, Functions } from '#lib/supabase/client.ts';
import type { Answer } from '#lib/supabase/database.ts';
import { Refusal, unwrap } from '#lib/supabase/refusal.ts';

type Row = Functions['provider_team']['Returns'][number];
/** Someone of a team; `resource_id` is the member of staff in the calendar that stands for them, if one does. */
export type Member = Omit<Row, 'resource_id'> & { resource_id: string | null };
export type OpenInvitation = Awaited<ReturnType<typeof invitations>>[number];
export type Invitation = Answer<'get_invitation'>[number];

/** The team of a provider, owners first, names in the order of a language. Raises Refusal: not_found for whoever is not in it. */
export async function members(client: Client, providerId: string, language: Language): Promise<Member[]> {
	return unwrap(await client.rpc('provider_team', { provider_id: providerId, language }));
}

/** Invitations that were not accepted, the latest first; those past their week too, so that they can be sent again. */
export async function invitations(client: Client, providerId: string) {
	return unwrap(
		await client
			.from('invitations')
			.select('id, email, role, created_at, expires_at')
			.eq('provider_id', providerId)
			.is('accepted_at', null)
			.order('created_at', { ascending: false })
	);
}

/** The members of staff that the calendar knows. */
export async function staff(client: Client, providerId: string) {
	return unwrap(
		await client
			.from('resources')
			.select('id, name')
			.eq('provider_id', providerId)
			.eq('kind', 'staff')
			.eq('active', true)
			.order('position')
	);
}

/** What an invitation's link stands for, or null when it no longer works. */
export async function invitation(client: Client, token: string): Promise<Invitation | null> {
	try {
		const [found] = unwrap(await client.rpc('get_invitation', { token }));
		return found ?? null;
	} catch (failure) {
		if (failure instanceof Refusal && failure.error.code === 'not_found') return null;
		throw failure;
	}
}
