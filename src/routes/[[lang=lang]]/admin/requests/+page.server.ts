import { redirect } from '@sveltejs/kit';
import { decideRequest } from '#lib/administration/commands.ts';
import { requireStaff } from '#lib/administration/guard.server.ts';
import { startRequests } from '#lib/administration/queries.ts';
import { acceptRequestSchema, declineRequestSchema } from '#lib/administration/schema.ts';
import { cities } from '#lib/catalogue/queries.ts';
import { readForm } from '#lib/form/form.server.ts';
import type { Refuse } from '#lib/form/form.server.ts';
import { orError, orRefuse } from '#lib/http/refused.server.ts';
import { routesIn } from '#lib/routes.ts';
import { localText } from '#lib/time/zone.ts';
import type { Actions, PageServerLoad } from './$types';

const deeds = ['town', 'declined'] as const;

export const load: PageServerLoad = async (event) => {
	await requireStaff(event, 'providers.verify');
	const { supabase } = event.locals;
	const [{ rows, total }, towns] = await orError(Promise.all([startRequests(supabase), cities(supabase)]));
	const done = event.url.searchParams.get('done');
	return {
		requests: rows.map((row) => ({ ...row, created_at: localText(row.created_at) })),
		total,
		towns,
		done: deeds.find((deed) => deed === done) ?? null
	};
};

const fields = ['note', 'name_fr', 'name_ar', 'name_en', 'latitude', 'longitude', 'time_zone', 'city'];

const answered = (refuse: Refuse, deed: Promise<void>) =>
	orRefuse(refuse, deed, ({ key, field, code }) =>
		code === 'not_found' ? ['admin.requests.already'] : [key, fields.find((name) => name === field)]
	);

export const actions: Actions = {
	accept: async (event) => {
		await requireStaff(event, 'providers.verify');
		const form = await readForm(event.request, acceptRequestSchema);
		if (!form.ok) return form.failure;
		const { request_id, note, city, ...town } = form.data;
		const deed = decideRequest(event.locals.supabase, request_id, {
			accepted: true,
			note,
			town: city ? { slug: city } : town
		});
		const refused = await answered(form.refuse, deed);
		return refused ?? redirect(303, routesIn(event.locals.language).adminRequests('town'));
	},

	decline: async (event) => {
		await requireStaff(event, 'providers.verify');
		const form = await readForm(event.request, declineRequestSchema);
		if (!form.ok) return form.failure;
		const { request_id, note } = form.data;
		const deed = decideRequest(event.locals.supabase, request_id, { accepted: false, note });
		const refused = await answered(form.refuse, deed);
		return refused ?? redirect(303, routesIn(event.locals.language).adminRequests('declined'));
	}
};
