import type { SupabaseClient } from '@supabase/supabase-js';
import { withSupabase } from '@supabase/server';
import { z } from 'zod';
import { call, callerOf, DatabaseError, failure } from '../_shared/database.ts';
import { work } from '../_shared/worker.ts';
import type { Tally } from '../_shared/worker.ts';
import { archive } from './archive.ts';
import { remove } from './deletion.ts';
import type { Removal } from './deletion.ts';

const input = z.object({ action: z.enum(['export', 'delete']) });

/** Removes the files that are to go, until there are none; what fails is tried again later. */
function removeFiles(admin: SupabaseClient): Promise<Tally> {
	return work<Removal>({
		claim: () => call<Removal[]>(admin, 'claim_file_removals', { batch: 20 }),
		handle: async ({ bucket, path }) => {
			await remove(admin.storage.from(bucket), path);
			return { ok: true };
		},
		finish: async ({ id }, { ok, error }) => {
			if (ok) await call<null>(admin, 'finish_file_removal', { removal_id: id });
			else console.error(`account: a file stays for now: ${error}`);
		},
		concurrency: 5,
		linger: 0,
		budget: 30_000
	});
}

/**
 * What a person may do with all that is theirs: `{action: 'export'}` gives a ZIP of JSON files, `{action: 'delete'}`
 * deletes the account with its files (204). The database decides with the caller's own rights; refusals are
 * `{code, message}`: last_owner, invalid_transition (bookings), not_allowed (platform_role), step_up_required,
 * session_ended, second_factor_required. Called by the database with the secret key it removes files of accounts that were
 * deleted without it.
 */
export default {
	fetch: withSupabase({ auth: ['secret', 'user'] }, async (request, context) => {
		try {
			if (request.method !== 'POST')
				return Response.json({ code: 'method_not_allowed', message: 'POST only' }, { status: 405 });
			if (context.authMode === 'secret') return Response.json(await removeFiles(context.supabaseAdmin));
			const parsed = input.safeParse(await request.json().catch(() => null));
			if (!parsed.success) throw new DatabaseError(422, 'invalid_input', 'action');
			const ask = <Answer>(name: string) => call<Answer>(context.supabase, name, {}, callerOf(request));

			if (parsed.data.action === 'export') {
				const files = await ask<Record<string, unknown>>('export_my_data');
				return new Response(archive(files, new Date()), {
					headers: { 'content-type': 'application/zip', 'cache-control': 'no-store' }
				});
			}

			await ask<null>('delete_my_account');
			// The account is gone; should a file resist now, the database asks for it again.
			await removeFiles(context.supabaseAdmin).catch((error: Error) => console.error(`account: ${error.message}`));
			return new Response(null, { status: 204 });
		} catch (error) {
			return failure(error);
		}
	})
};
