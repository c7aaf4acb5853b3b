import { fail, redirect } from '@sveltejs/kit';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { transitionEach } from '#lib/booking/commands.ts';
import { choices, page, references } from '#lib/booking/list/queries.ts';
import { bulkSchema, listSchema } from '#lib/booking/list/schema.ts';
import type { BookingList } from '#lib/booking/list/schema.ts';
import { fieldsOf } from '#lib/form/form.server.ts';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { listOf } from '#lib/list/schema.ts';
import { routesIn } from '#lib/routes.ts';
import { localDate } from '#lib/time/clocks.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, language }, parent, url, depends }) => {
	depends('app:agenda');
	const { membership, memberships } = await parent();
	const to = routesIn(language);
	if (!membership) redirect(303, to.dashboard());
	const { provider } = membership;
	const today = localDate(new Date(), provider.time_zone);
	// A slug alone where there is a choice: other addresses stay short.
	const slug = memberships.length > 1 ? provider.slug : undefined;
	const asked = listOf(listSchema, url);
	// Opened without a wish, the list begins with what comes next; who searches then searches all.
	const unasked = [...url.searchParams.keys()].every((name) => name === 'provider');
	const filter: BookingList = unasked ? { from: today, sort: 'soonest' } : asked;
	const { services, resources } = await choices(supabase, provider.id);
	const kind = resources.find(({ id }) => id === filter.resource)?.kind;
	const found = await page(supabase, { provider, filter, kind });
	if (!found) redirect(303, to.dashboardBookings({ ...filter, page: undefined, provider: slug }));
	return { filter, asked, services, resources, slug, ...found, today };
};

export const actions: Actions = {
	/** Moves those that were ticked along; says how many it moved, and of each other one why not. */
	bulk: async (event) => {
		await requireAccount(event);
		const { supabase } = event.locals;
		const sent = await fieldsOf(event.request);
		const reason = sent.get('reason') ?? '';
		const form = bulkSchema.safeParse({ ids: sent.getAll('ids'), to_status: sent.get('to_status'), reason });
		if (!form.success) {
			return fail(422, {
				chosen: sent.getAll('ids').map(String),
				problem: form.error.issues[0]!.message as MessageKey
			});
		}
		const { ids, to_status } = form.data;
		const [{ moved, refused }, names] = await Promise.all([
			transitionEach(supabase, ids, to_status, form.data.reason),
			references(supabase, ids)
		]);
		return {
			to: to_status,
			moved: moved.length,
			refused: refused.map(({ id, problem }) => ({ id, reference: names.get(id) ?? null, problem }))
		};
	}
};
