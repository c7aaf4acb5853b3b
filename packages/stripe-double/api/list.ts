import type Stripe from 'stripe';
import { missing } from './failure.ts';

interface Page {
	limit?: number | undefined;
	starting_after?: string | undefined;
	ending_before?: string | undefined;
	created?:
		| { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
		| undefined;
}

/**
 * One page of rows given oldest first: newest first, after or before a cursor, ten unless told.
 * Raises for a cursor that names no row.
 */
export function page<T extends { id: string; created?: number }>(
	url: string,
	kind: string,
	rows: T[],
	asked: Page
): Stripe.ApiList<T> {
	const { limit = 10, starting_after: after, ending_before: before, created } = asked;
	const found = rows
		.toReversed()
		.filter(
			({ created: at = 0 }) =>
				!created ||
				(at > (created.gt ?? -1) &&
					at >= (created.gte ?? 0) &&
					at < (created.lt ?? Infinity) &&
					at <= (created.lte ?? Infinity))
		);
	const place = (id: string, param: string) => {
		const index = found.findIndex((row) => row.id === id);
		if (index === -1) throw missing(kind, id, param);
		return index;
	};
	if (before !== undefined) {
		const end = place(before, 'ending_before');
		const start = Math.max(0, end - limit);
		return { object: 'list', data: found.slice(start, end), has_more: start > 0, url };
	}
	const start = after === undefined ? 0 : place(after, 'starting_after') + 1;
	return { object: 'list', data: found.slice(start, start + limit), has_more: start + limit < found.length, url };
}
