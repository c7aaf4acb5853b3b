import { error, redirect } from '@sveltejs/kit';
import { readForm } from '#lib/form/form.server.ts';
import { create } from '#lib/promotions/commands.ts';
import { services } from '#lib/promotions/queries.ts';
import { promoSchema } from '#lib/promotions/schema.ts';
import { routesIn } from '#lib/routes.ts';
import { Refusal } from '#lib/supabase/refusal.ts';
import { manages } from '../../membership.ts';
import { membershipOf } from '../../membership.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, language }, parent }) => {
	const { membership } = await parent();
	if (!membership) redirect(303, routesIn(language).dashboard());
	if (!manages(membership)) error(403, 'not_allowed');
	return { currency: membership.provider.currency, services: await services(supabase, membership.provider.id) };
};

export const actions: Actions = {
	default: async (event) => {
		const { membership, memberships } = await membershipOf(event);
		if (!membership) error(403, 'not_allowed');
		const { provider } = membership;
		const form = await readForm(event.request, promoSchema(provider.currency));
		if (!form.ok) return form.failure;
		try {
			const made = await create(event.locals.supabase, provider, form.data);
			if (!made) return form.refuse(409, 'promotions.error.taken', 'code');
		} catch (failure) {
			if (!(failure instanceof Refusal)) throw failure;
			const { code, status, key, field } = failure.error;
			if (field === 'service_id') return form.refuse(status, key, 'service');
			// What the form cannot know: the last day is past.
			return code === 'invalid_input' ? form.refuse(status, 'promotions.error.order', 'to') : form.refuse(status, key);
		}
		const slug = memberships.length > 1 ? provider.slug : undefined;
		redirect(303, routesIn(event.locals.language).promoCodes({ provider: slug, done: 'made' }));
	}
};
