import { differingHere } from '../_shared/clocks.ts';
import type { ClockState } from '../_shared/clocks.ts';

const headers = {
	'access-control-allow-origin': '*',
	'access-control-allow-headers': 'authorization, x-client-info, apikey, content-type',
	'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
	'cache-control': 'no-store'
};

/** Asks as a visitor does, so that an answer means gateway, REST and database all work: which clocks the database goes by. */
async function clocksOfDatabase(environment: Record<string, string>, send: typeof fetch): Promise<ClockState | null> {
	const keys = JSON.parse(environment.SUPABASE_PUBLISHABLE_KEYS ?? '{}') as Record<string, string>;
	const apikey = keys.default ?? environment.SUPABASE_ANON_KEY ?? '';
	try {
		const answer = await send(`${environment.SUPABASE_URL}/rest/v1/rpc/clock_state`, {
			headers: { apikey },
			signal: AbortSignal.timeout(3000)
		});
		if (answer.ok) return (await answer.json()) as ClockState;
		await answer.body?.cancel();
		return null;
	} catch {
		return null;
	}
}

/**
 * `{status, database, clocks}`: 200 when all is well, 503 when the database cannot be read. `clocks` tells the IANA release
 * that all goes by, and whether the database server's and this runtime's own data tell the same; nothing depends on those.
 */
export async function health(
	request: Request,
	environment: Record<string, string>,
	send: typeof fetch = fetch
): Promise<Response> {
	if (request.method === 'OPTIONS') return new Response('ok', { headers });
	const state = await clocksOfDatabase(environment, send);
	if (!state) return Response.json({ status: 'unavailable', database: false }, { status: 503, headers });
	const clocks = {
		release: state.release,
		server: state.server_agrees ? 'agrees' : 'differs',
		runtime: differingHere(state).length === 0 ? 'agrees' : 'differs'
	};
	return Response.json({ status: 'ok', database: true, clocks }, { headers });
}
