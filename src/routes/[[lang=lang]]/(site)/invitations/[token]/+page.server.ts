import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { memberships } from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import { orError } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { accept } from '#lib/team/commands.ts';
import { invitation } from '#lib/team/queries.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	// The address is a key: it goes to no other site, and no cache keeps what it opens.
	setHeaders({ 'referrer-policy': 'same-origin', 'cache-control': 'private, no-store' });
	const found = await orError(invitation(locals.supabase, params.token));
	if (!found) return { invitation: null };
	const { provider_name: name, provider_name_ar: name_ar, role, mine, invited_by, expires_at, email } = found;
	return { invitation: { name, name_ar, role, mine, invited_by, expires_at, email } };
};

export const actions: Actions = {
	default: async (event) => {
		const { id } = await requireAccount(event);
		const { supabase, language } = event.locals;
		const form = await readForm(event.request, z.object({}));
		if (!form.ok) return form.failure;
		let slug: string | undefined;
		try {
			const provider = await accept(supabase, event.params.token);
			slug = (await memberships(supabase, id)).find((one) => one.provider.id === provider)?.provider.slug;
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			return form.refuse(failure.error.status, failure.error.key);
		}
		redirect(303, routesIn(language).dashboard(slug));
	}
};
