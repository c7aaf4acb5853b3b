import * as catalogue from '#lib/catalogue/queries.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase } }) => {
	const [categories, cities, popular] = await Promise.all([
		catalogue.categories(supabase),
		catalogue.cities(supabase),
		catalogue.search(supabase, { sort: 'relevance' }, 6)
	]);
	return { categories, cities, popular };
};
