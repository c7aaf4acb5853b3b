import { error } from '@sveltejs/kit';
import type { RequestEvent } from '@sveltejs/kit';
import { decideVerification } from '#lib/administration/commands.ts';
import { idOf, requireStaff } from '#lib/administration/guard.server.ts';
import { documentsOf, ownersOf, readProvider, readVerification, verificationsOf } from '#lib/administration/queries.ts';
import { acceptSchema, refuseSchema } from '#lib/administration/schema.ts';
import { roleIn } from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { localText } from '#lib/time/zone.ts';
import { attempt } from '../../attempt.server.ts';
import { decided, providerShown } from '../../shown.server.ts';
import type { Actions, PageServerLoad, RouteParams } from './$types';

const deeds = ['accepted', 'refused'] as const;

export const load: PageServerLoad = async (event) => {
	const { id: me } = await requireStaff(event, 'providers.verify');
	const { supabase } = event.locals;
	const verification = await orError(readVerification(supabase, idOf(event.params.id)));
	if (!verification) error(404, 'not_found');
	const { provider_id } = verification;
	const [provider, owners, documents, all, role] = await orError(
		Promise.all([
			readProvider(supabase, provider_id),
			ownersOf(supabase, provider_id),
			documentsOf(supabase, provider_id),
			verificationsOf(supabase, provider_id),
			roleIn(supabase, me, provider_id)
		])
	);
	// Who may verify but not read what is not published sees published ones alone.
	if (!provider) error(404, 'not_found');
	const done = event.url.searchParams.get('done');
	return {
		verification: decided(verification),
		provider: providerShown(provider),
		owners,
		documents: documents.map((document) => ({ ...document, created_at: localText(document.created_at) })),
		earlier: all.filter(({ id }) => id !== verification.id).map(decided),
		// nobody decides on their own business
		own: role !== null,
		done: deeds.find((deed) => deed === done) ?? null
	};
};

async function decide(event: RequestEvent<RouteParams>, done: (typeof deeds)[number]) {
	await requireStaff(event);
	const form = await readForm(event.request, done === 'accepted' ? acceptSchema : refuseSchema);
	if (!form.ok) return form.failure;
	const { id } = event.params;
	const page = routesIn(event.locals.language).adminVerification(id, done);
	return attempt(form.refuse, page, async () => {
		try {
			await decideVerification(event.locals.supabase, id, done === 'accepted', form.data.note);
		} catch (failure) {
			// The page was shown: the request is there, but no longer waits.
			if (failure instanceof Refusal && failure.error.code === 'not_found') {
				return form.refuse(409, 'admin.verification.already');
			}
			throw failure;
		}
	});
}

export const actions: Actions = {
	accept: (event) => decide(event, 'accepted'),
	refuse: (event) => decide(event, 'refused')
};
