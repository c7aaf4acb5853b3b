import { createHmac } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';

/** A refusal by a database function: a stable code and its HTTP status, or 500 for what nobody planned. */
export class DatabaseError extends Error {
	readonly status: number;
	readonly code: string;

	constructor(status: number, code: string, message: string) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

/**
 * Calls a database function and gives its answer. Raises DatabaseError: for `PT4xx` with the function's own code, for any
 * other failure with `internal`, whose cause is logged here and not told to the caller.
 */
export async function call<Answer>(
	client: SupabaseClient,
	name: string,
	parameters: Record<string, unknown>,
	headers: Record<string, string> = {}
): Promise<Answer> {
	const asked = client.rpc(name, parameters);
	for (const [header, value] of Object.entries(headers)) asked.setHeader(header, value);
	const { data, error } = await asked;
	if (!error) return data as Answer;
	const [, status] = /^PT(4\d\d)$/.exec(error.code ?? '') ?? [];
	if (status) throw new DatabaseError(Number(status), error.message, error.message);
	// Not its words: they repeat what was sent.
	console.error(`${name}: ${error.code}`);
	throw new DatabaseError(500, 'internal', 'Something went wrong. Try again later.');
}

/**
 * What tells the database from whom a request came, to pass on with a call: else all visitors were one to its limits. The
 * site has signed it for its visitors; for all others we sign, with the key that the database knows us by, what the proxy
 * in front of us writes over whatever a client says: `cf-connecting-ip` on hosted projects, else as ADDRESS_HEADER names it.
 */
export function callerOf(request: Request): Record<string, string> {
	const signature = request.headers.get('x-visitor-signature');
	const visitor = request.headers.get(signature ? 'x-visitor' : (Deno.env.get('ADDRESS_HEADER') ?? 'cf-connecting-ip'));
	if (!visitor) return {};
	return { 'x-visitor': visitor, 'x-visitor-signature': signature ?? signed(visitor) };
}

function signed(visitor: string): string {
	const keys = JSON.parse(Deno.env.get('SUPABASE_SECRET_KEYS') ?? '{}') as { default?: string };
	return createHmac('sha256', keys.default ?? '')
		.update(visitor)
		.digest('hex');
}

/** The JSON answer for whatever a handler raised: `{code, message}`. */
export function failure(error: unknown): Response {
	if (error instanceof DatabaseError)
		return Response.json({ code: error.code, message: error.message }, { status: error.status });
	console.error(error instanceof Error ? error.stack : typeof error);
	return Response.json({ code: 'internal', message: 'Something went wrong. Try again later.' }, { status: 500 });
}
