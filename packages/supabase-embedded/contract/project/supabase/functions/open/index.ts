const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, apikey' };

/** Says who asks, as it was told. */
Deno.serve((request) =>
	request.method === 'OPTIONS'
		? new Response(null, { headers: cors })
		: Response.json({ url: Deno.env.get('SUPABASE_URL'), method: request.method }, { headers: cors })
);
