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

/** What tells the database from whom a request came, to pass on with a call: else all visitors were one to its limits. */
export function callerOf(request: Request): Record<string, string> {
	return Object.fromEntries(
		['x-visitor', 'x-visitor-signature', 'x-forwarded-for'].flatMap((name) => {
			const value = request.headers.get(name);
			return value === null ? [] : [[name, value]];
		})
	);
}

/** The JSON answer for whatever a handler raised: `{code, message}`. */
export function failure(error: unknown): Response {
	if (error instanceof DatabaseError)
		return Response.json({ code: error.code, message: error.message }, { status: error.status });
	console.error(error instanceof Error ? error.stack : typeof error);
	return Response.json({ code: 'internal', message: 'Something went wrong. Try again later.' }, { status: 500 });
}
