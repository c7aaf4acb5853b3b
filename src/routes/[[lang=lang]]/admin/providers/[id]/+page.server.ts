import { error } from '@sveltejs/kit';
import { auditOfProvider, suspensionOf } from '#lib/administration/audit.ts';
import { restoreProvider, suspendProvider } from '#lib/administration/commands.ts';
import { idOf, requireStaff } from '#lib/administration/guard.server.ts';
import { ownersOf, readProvider, verificationsOf } from '#lib/administration/queries.ts';
import { restoreSchema, suspendSchema } from '#lib/administration/schema.ts';
import { roleIn } from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import { attempt } from '../../attempt.server.ts';
import { decided, providerShown } from '../../shown.server.ts';
import type { Actions, PageServerLoad } from './$types';

const deeds = ['suspended', 'restored'] as const;

export const load: PageServerLoad = async (event) => {
	const { id: me, permissions } = await requireStaff(event, 'providers.read');
	const { supabase } = event.locals;
	const id = idOf(event.params.id);
	const mayReadLog = permissions.includes('audit.read');
	const mayVerify = permissions.includes('providers.verify');
	const [provider, owners, verifications, log, suspension, role] = await orError(
		Promise.all([
			readProvider(supabase, id),
			mayVerify ? ownersOf(supabase, id) : [],
			mayVerify ? verificationsOf(supabase, id) : [],
			mayReadLog ? auditOfProvider(supabase, id) : null,
			mayReadLog ? suspensionOf(supabase, 'public.providers', id) : null,
			roleIn(supabase, me, id)
		])
	);
	if (!provider) error(404, 'not_found');
	const done = event.url.searchParams.get('done');
	return {
		provider: providerShown(provider),
		owners,
		verifications: verifications.map(decided),
		log,
		suspension: provider.status === 'suspended' ? suspension : null,
		// nobody decides about their own business
		own: role !== null,
		maySuspend: permissions.includes('providers.suspend'),
		done: deeds.find((deed) => deed === done) ?? null
	};
};

export const actions: Actions = {
	suspend: async (event) => {
		await requireStaff(event);
		const form = await readForm(event.request, suspendSchema);
		if (!form.ok) return form.failure;
		const { id } = event.params;
		return attempt(form.refuse, routesIn(event.locals.language).adminProvider(id, 'suspended'), () =>
			suspendProvider(event.locals.supabase, id, form.data.reason)
		);
	},
	restore: async (event) => {
		await requireStaff(event);
		const form = await readForm(event.request, restoreSchema);
		if (!form.ok) return form.failure;
		const { id } = event.params;
		return attempt(form.refuse, routesIn(event.locals.language).adminProvider(id, 'restored'), () =>
			restoreProvider(event.locals.supabase, id)
		);
	}
};
