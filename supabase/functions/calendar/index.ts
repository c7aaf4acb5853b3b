import { withSupabase } from '@supabase/server';
import { call, callerOf, DatabaseError, failure } from '../_shared/database.ts';
import { calendar, entityTag, secretOf } from './feed.ts';
import type { Feed } from './feed.ts';

/** One answer for every secret that is not, or no longer, anybody's. */
const notFound = () =>
	new Response('Not found\n', {
		status: 404,
		headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
	});

/**
 * A member's bookings for their calendar program. The secret in the address is the caller's only credential: who has it
 * reads customers' names, phone numbers and addresses, so it is neither logged nor kept by caches between the two.
 */
export default {
	fetch: withSupabase({ auth: 'none', cors: 'disabled' }, async (request, context) => {
		if (!['GET', 'HEAD'].includes(request.method))
			return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
		const secret = secretOf(request.url);
		if (!secret) return notFound();
		try {
			const feed = await call<Feed>(context.supabaseAdmin, 'calendar_feed', { secret }, callerOf(request));
			const file = calendar(feed, { siteUrl: Deno.env.get('SITE_URL'), now: new Date() });
			const tag = await entityTag(file);
			// Asked again each time, since a member may have left; answered in full only when something changed.
			const headers = { etag: tag, 'cache-control': 'private, no-cache' };
			const known = request.headers.get('if-none-match')?.split(/\s*,\s*/) ?? [];
			if (known.some((one) => one === '*' || one === tag || `W/${one}` === tag))
				return new Response(null, { status: 304, headers });
			return new Response(file, {
				headers: {
					...headers,
					'content-type': 'text/calendar; charset=utf-8',
					'content-disposition': 'inline; filename="khadamat.ics"'
				}
			});
		} catch (error) {
			return error instanceof DatabaseError && error.status === 404 ? notFound() : failure(error);
		}
	})
};
