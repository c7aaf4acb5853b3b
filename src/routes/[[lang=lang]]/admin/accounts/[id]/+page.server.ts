import { error } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { auditOfAccount, suspensionOf } from '#lib/administration/audit.ts';
import * as administration from '#lib/administration/commands.ts';
import { idOf, requireStaff } from '#lib/administration/guard.server.ts';
import { readAccount } from '#lib/administration/queries.ts';
import { restoreSchema, roleSchema, suspendSchema } from '#lib/administration/schema.ts';
import { platformRoles } from '#lib/administration/vocabulary.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import { localText } from '#lib/time/zone.ts';
import { attempt } from '../../attempt.server.ts';
import type { Actions, PageServerLoad, RouteParams } from './$types';

const deeds = ['suspended', 'restored', 'granted', 'revoked'] as const;

export const load: PageServerLoad = async (event) => {
	const { id: me, permissions } = await requireStaff(event, 'accounts.read');
	const { supabase } = event.locals;
	const id = idOf(event.params.id);
	const mayReadLog = permissions.includes('audit.read');
	const [account, log, suspension] = await orError(
		Promise.all([
			readAccount(supabase, id),
			mayReadLog ? auditOfAccount(supabase, id) : null,
			mayReadLog ? suspensionOf(supabase, 'auth.users', id) : null
		])
	);
	if (!account) error(404, 'not_found');
	const done = event.url.searchParams.get('done');
	return {
		// not `account`: that is who looks, in the header
		person: {
			...account,
			created_at: localText(account.created_at),
			last_sign_in_at: account.last_sign_in_at && localText(account.last_sign_in_at)
		},
		log,
		suspension: account.suspended ? suspension : null,
		own: id === me,
		/** the roles that the caller may give and take, the highest first */
		grantable: platformRoles.filter((role) => permissions.includes(`roles.${role}`)),
		maySuspend: permissions.includes('accounts.suspend'),
		done: deeds.find((deed) => deed === done) ?? null
	};
};

type Event = RequestEvent<RouteParams>;

const page = ({ locals, params }: Event, done: (typeof deeds)[number]) =>
	routesIn(locals.language).adminAccount(params.id, done);

/** Gives or takes a role; the highest only with the account's address typed out. */
async function changeRole(event: Event, done: 'granted' | 'revoked') {
	await requireStaff(event);
	const form = await readForm(event.request, roleSchema);
	if (!form.ok) return form.failure;
	const { supabase } = event.locals;
	const { role, confirmation } = form.data;
	const change = done === 'granted' ? administration.grantRole : administration.revokeRole;
	return attempt(form.refuse, page(event, done), async () => {
		if (role === 'super_admin') {
			const account = await readAccount(supabase, event.params.id);
			if (account?.email.toLowerCase() !== confirmation) {
				return form.refuse(422, 'admin.account.wrong_confirmation', 'confirmation');
			}
		}
		await change(supabase, event.params.id, role);
	});
}

export const actions: Actions = {
	suspend: async (event) => {
		await requireStaff(event);
		const form = await readForm(event.request, suspendSchema);
		if (!form.ok) return form.failure;
		return attempt(form.refuse, page(event, 'suspended'), () =>
			administration.suspendAccount(event.locals.supabase, event.params.id, form.data.reason)
		);
	},
	restore: async (event) => {
		await requireStaff(event);
		const form = await readForm(event.request, restoreSchema);
		if (!form.ok) return form.failure;
		return attempt(form.refuse, page(event, 'restored'), () =>
			administration.restoreAccount(event.locals.supabase, event.params.id)
		);
	},
	grant: (event) => changeRole(event, 'granted'),
	revoke: (event) => changeRole(event, 'revoked')
};
