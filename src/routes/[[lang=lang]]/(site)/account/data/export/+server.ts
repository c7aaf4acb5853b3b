import { error } from '@sveltejs/kit';
import { exportData } from '#lib/accounts/commands.ts';
import { requireAccount } from '#lib/accounts/guard.server.ts';
import { problemOf } from '#lib/accounts/problems.ts';
import { localText } from '#lib/time/zone.ts';
import type { RequestHandler } from './$types';

/** Everything there is of the account, as a file to keep. */
export const GET: RequestHandler = async (event) => {
	await requireAccount(event);
	const day = localText(new Date()).slice(0, 10);
	try {
		return new Response(await exportData(event.locals.supabase), {
			headers: {
				'content-type': 'application/zip',
				'content-disposition': `attachment; filename="khadamat-${day}.zip"`,
				'cache-control': 'no-store'
			}
		});
	} catch (failure) {
		const { status, key } = problemOf(failure);
		error(status, key);
	}
};
