import * as catalogue from '#lib/catalogue/queries.ts';
import { searchSchema } from '#lib/catalogue/schema.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, url }) => {
	const wanted = searchSchema.parse(Object.fromEntries([...url.searchParams].filter(([, value]) => value !== '')));
	const [categories, cities, results] = await Promise.all([
		catalogue.categories(supabase),
		catalogue.cities(supabase),
		catalogue.search(supabase, wanted)
	]);
	return { wanted, categories, cities, results };
};
