import { redirect } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { given as secondFactorGiven } from '#lib/accounts/second-factor.ts';
import { readForm } from '#lib/form/form.server.ts';
import type { Refuse } from '#lib/form/form.server.ts';
import { orError, orRefuse } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import * as commands from '#lib/team/commands.ts';
import * as queries from '#lib/team/queries.ts';
import { invitable, teamDeeds } from '#lib/team/rules.ts';
import type { TeamDeed } from '#lib/team/rules.ts';
import * as schema from '#lib/team/schema.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, url }) => {
	const { supabase, language } = locals;
	const { membership } = await parent();
	if (!membership) redirect(303, routesIn(language).dashboard());
	const { id } = membership.provider;
	const manages = invitable(membership.role).length > 0;
	const [claims, proven, members, invitations, staff] = await orError(
		Promise.all([
			locals.getClaims(),
			secondFactorGiven(supabase),
			queries.members(supabase, id, language),
			manages ? queries.invitations(supabase, id) : [],
			manages ? queries.staff(supabase, id) : []
		])
	);
	const now = Date.now();
	return {
		membership,
		members,
		invitations: invitations.map((one) => ({ ...one, lapsed: Date.parse(one.expires_at) <= now })),
		staff,
		me: claims?.sub ?? '',
		/** whether this session has given the second factor, without which the team cannot be changed */
		proven,
		done: teamDeeds.find((deed) => deed === url.searchParams.get('done')) ?? null
	};
};

/** Reads a form, does what it asks and says so on the page; a refusal is said in the form. */
async function change<Schema extends z.ZodObject>(
	event: RequestEvent,
	wanted: Schema,
	deed: TeamDeed | null,
	command: (data: z.output<Schema>, refuse: Refuse) => Promise<ReturnType<Refuse> | void>
) {
	await requireAccount(event);
	const form = await readForm(event.request, wanted);
	if (!form.ok) return form.failure;
	const refused = await orRefuse(form.refuse, command(form.data, form.refuse), ({ key, field }) => [
		field === 'email' ? 'errors.field.email' : key,
		field ?? undefined
	]);
	if (refused) return refused;
	const to = routesIn(event.locals.language);
	redirect(303, deed ? to.team(event.url.searchParams.get('provider'), deed) : to.dashboard());
}

export const actions: Actions = {
	invite: (event) =>
		change(event, schema.inviteSchema, 'invited', ({ provider_id, email, role }) =>
			commands.invite(event.locals.supabase, provider_id, email, role)
		),
	revoke: (event) =>
		change(event, schema.invitationSchema, 'revoked', ({ invitation_id }) =>
			commands.revoke(event.locals.supabase, invitation_id)
		),
	role: (event) =>
		change(event, schema.roleSchema, 'role', ({ provider_id, user_id, role }) =>
			commands.setRole(event.locals.supabase, provider_id, user_id, role)
		),
	remove: (event) =>
		change(event, schema.memberSchema, 'removed', ({ provider_id, user_id }) =>
			commands.remove(event.locals.supabase, provider_id, user_id)
		),
	leave: (event) =>
		change(event, schema.leaveSchema, null, ({ provider_id }) => commands.leave(event.locals.supabase, provider_id)),
	hand_over: (event) =>
		change(event, schema.handOverSchema, 'handed_over', async ({ provider_id, user_id, confirmation }, refuse) => {
			const { supabase, language } = event.locals;
			const team = await queries.members(supabase, provider_id, language);
			const heir = team.find((member) => member.user_id === user_id);
			if (heir && confirmation.toLowerCase() !== heir.email.toLowerCase()) {
				return refuse(422, 'team.hand_over.wrong', 'confirmation');
			}
			await commands.handOver(supabase, provider_id, user_id);
		}),
	assign: (event) =>
		change(event, schema.assignSchema, 'assigned', async ({ user_id, resource_id, current }) => {
			const { supabase } = event.locals;
			if (resource_id) await commands.assign(supabase, resource_id, user_id);
			else if (current) await commands.assign(supabase, current, null);
		})
};
