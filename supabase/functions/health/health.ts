const headers = {
	'access-control-allow-origin': '*',
	'access-control-allow-headers': 'authorization, x-client-info, apikey, content-type',
	'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
	'cache-control': 'no-store'
};

/** Reads a public table as a visitor does, so that a yes means gateway, REST and database all answer. */
async function databaseAnswers(environment: Record<string, string>, send: typeof fetch): Promise<boolean> {
	const keys = JSON.parse(environment.SUPABASE_PUBLISHABLE_KEYS ?? '{}') as Record<string, string>;
	const apikey = keys.default ?? environment.SUPABASE_ANON_KEY ?? '';
	try {
		const answer = await send(`${environment.SUPABASE_URL}/rest/v1/categories?select=id&limit=1`, {
			headers: { apikey },
			signal: AbortSignal.timeout(3000)
		});
		await answer.body?.cancel();
		return answer.ok;
	} catch {
		return false;
	}
}

/** `{status, database}`: 200 when all is well, 503 when the database cannot be read. */
export async function health(
	request: Request,
	environment: Record<string, string>,
	send: typeof fetch = fetch
): Promise<Response> {
	if (request.method === 'OPTIONS') return new Response('ok', { headers });
	const database = await databaseAnswers(environment, send);
	return Response.json(
		{ status: database ? 'ok' : 'unavailable', database },
		{ status: database ? 200 : 503, headers }
	);
}
