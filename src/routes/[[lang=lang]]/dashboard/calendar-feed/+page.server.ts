import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import * as feed from '#lib/booking/feed.ts';
import { readForm } from '#lib/form/form.server.ts';
import { rowId } from '#lib/form/schema.ts';
import { orError, orRefuse } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, language }, parent, url }) => {
	const { membership } = await parent();
	if (!membership) redirect(303, routesIn(language).dashboard());
	return {
		membership,
		addresses: await orError(feed.mine(supabase, membership.provider.id)),
		renewed: url.searchParams.get('done') === 'renewed'
	};
};

const schema = z.object({ provider_id: rowId });

export const actions: Actions = {
	renew: async (event) => {
		await requireAccount(event);
		const form = await readForm(event.request, schema);
		if (!form.ok) return form.failure;
		return (
			(await orRefuse(form.refuse, feed.renew(event.locals.supabase, form.data.provider_id))) ??
			redirect(303, routesIn(event.locals.language).calendarFeed(event.url.searchParams.get('provider'), 'renewed'))
		);
	}
};
