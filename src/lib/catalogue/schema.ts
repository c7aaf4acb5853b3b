import { z } from 'zod';
import { localDay } from '#lib/form/schema.ts';

/** A number of an address's query, or nothing when it is missing or no number in range. */
const number = (min: number, max: number) =>
	z
		.preprocess(
			(value) => (value === '' || value === undefined ? undefined : Number(value)),
			z.number().min(min).max(max).optional()
		)
		.catch(undefined);

/**
 * What the search page keeps in its address. Whatever does not fit is dropped rather than refused: a mangled link
 * should still find something. `price` is in whole currency units, `radius` in kilometres.
 */
export const searchSchema = z.object({
	q: z
		.string()
		.trim()
		.max(200)
		.optional()
		.catch(undefined)
		.transform((q) => q || undefined),
	category: z
		.string()
		.regex(/^[a-z0-9-]{1,60}$/)
		.optional()
		.catch(undefined),
	city: z
		.string()
		.regex(/^[a-z0-9-]{1,60}$/)
		.optional()
		.catch(undefined),
	lat: number(-90, 90),
	lng: number(-180, 180),
	radius: number(1, 500),
	date: localDay().optional().catch(undefined),
	rating: number(1, 5),
	price: number(0, 1_000_000),
	verified: z
		.enum(['1', 'true', 'on'])
		.transform(() => true)
		.optional()
		.catch(undefined),
	sort: z.enum(['relevance', 'distance', 'price', 'rating']).optional().catch(undefined),
	/** a cursor as the search gives it; from any other text it begins with the first page */
	after: z
		.string()
		.regex(/^-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,2})?_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
		.optional()
		.catch(undefined)
});

export type Search = Partial<z.infer<typeof searchSchema>>;
