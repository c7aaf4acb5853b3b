import { error } from '@sveltejs/kit';
import { batches, choices } from '#lib/booking/list/queries.ts';
import { headOf, rowOf } from '#lib/booking/list/table.ts';
import { listSchema } from '#lib/booking/list/schema.ts';
import { csvRow, csvStream } from '#lib/csv/csv.ts';
import { i18nOf } from '#lib/i18n/i18n.ts';
import { loadMessages } from '#lib/i18n/messages.ts';
import { listOf } from '#lib/list/schema.ts';
import { localDate } from '#lib/time/clocks.ts';
import { membershipOf } from '../../membership.server.ts';
import type { RequestHandler } from './$types';

/** The list as its filters say, all pages of it, by start. */
export const GET: RequestHandler = async (event) => {
	const { supabase, language } = event.locals;
	const { membership } = await membershipOf(event);
	if (!membership) error(404);
	const { provider } = membership;
	const filter = listOf(listSchema, event.url);
	const [{ resources }] = await Promise.all([
		choices(supabase, provider.id),
		loadMessages(language, ['booking', 'dashboard'])
	]);
	const kind = resources.find(({ id }) => id === filter.resource)?.kind;
	const t = i18nOf(language);

	async function* rows() {
		yield csvRow(headOf(t), language);
		for await (const batch of batches(supabase, { provider, filter, kind })) {
			yield batch.map((booking) => csvRow(rowOf(booking, t), language)).join('');
		}
	}
	const name = `${provider.slug}-${localDate(new Date(), provider.time_zone)}.csv`;
	return new Response(csvStream(rows()), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${name}"`,
			'cache-control': 'private, no-store'
		}
	});
};
