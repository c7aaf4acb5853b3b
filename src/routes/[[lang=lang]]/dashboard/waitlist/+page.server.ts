import { redirect } from '@sveltejs/kit';
import { routesIn } from '#lib/routes.ts';
import { daysOf } from '#lib/waitlist/days.ts';
import { lineOf } from '#lib/waitlist/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase, language }, parent, url, depends }) => {
	depends('app:agenda');
	const { membership, memberships } = await parent();
	if (!membership) redirect(303, routesIn(language).dashboard());
	const { id, slug } = membership.provider;
	const state = url.searchParams.get('state') === 'past' ? ('past' as const) : ('open' as const);
	const line = await lineOf(supabase, id, state);
	return {
		state,
		slug: memberships.length > 1 ? slug : undefined,
		now: new Date().toISOString(),
		line: line.map((entry) => ({ ...entry, days: entry.session ? null : daysOf(entry.local_period) }))
	};
};
