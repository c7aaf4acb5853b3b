import { redirect } from '@sveltejs/kit';
import { routesIn } from '#lib/routes.ts';
import type { PageServerLoad } from './$types';

/** Not for those who still have an account: it would tell them that it is gone. */
export const load: PageServerLoad = async ({ locals }) => {
	if (await locals.getClaims()) redirect(303, routesIn(locals.language).account());
};
