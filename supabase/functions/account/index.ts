import { withSupabase } from '@supabase/server';
import { z } from 'zod';
import { call, callerOf, DatabaseError, failure } from '../_shared/database.ts';
import { archive } from './archive.ts';
import { assertFree, empty } from './deletion.ts';
import type { Obstacles } from './deletion.ts';

const input = z.object({ action: z.enum(['export', 'delete']) });

/** The folders of people's own files are named after them. */
const bucketsOfPeople = ['avatars'];

/**
 * What a person may do with all that is theirs: `{action: 'export'}` gives a ZIP of JSON files, `{action: 'delete'}`
 * deletes the account with its files (204). The database decides with the caller's own rights; refusals are
 * `{code, message}`: last_owner, invalid_transition (bookings), session_ended, second_factor_required.
 */
export default {
	fetch: withSupabase({ auth: 'user' }, async (request, context) => {
		try {
			if (request.method !== 'POST')
				return Response.json({ code: 'method_not_allowed', message: 'POST only' }, { status: 405 });
			const parsed = input.safeParse(await request.json().catch(() => null));
			if (!parsed.success) throw new DatabaseError(422, 'invalid_input', 'action');
			const ask = <Answer>(name: string) => call<Answer>(context.supabase, name, {}, callerOf(request));

			if (parsed.data.action === 'export') {
				const files = await ask<Record<string, unknown>>('export_my_data');
				return new Response(archive(files, new Date()), {
					headers: { 'content-type': 'application/zip', 'cache-control': 'no-store' }
				});
			}

			assertFree(await ask<Obstacles>('account_deletion_obstacles'));
			for (const bucket of bucketsOfPeople) {
				await empty(context.supabaseAdmin.storage.from(bucket), context.userClaims!.id);
			}
			await ask<null>('delete_my_account');
			return new Response(null, { status: 204 });
		} catch (error) {
			return failure(error);
		}
	})
};
