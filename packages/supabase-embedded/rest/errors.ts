/** An answer other than success, in PostgREST's form: `{ code, details, hint, message }`. */
export class RestError extends Error {
	status: number;
	code: string;
	details: unknown;
	hint: string | null;
	headers: Record<string, string>;

	constructor(
		status: number,
		code: string,
		message: string,
		details: unknown = null,
		hint: string | null = null,
		headers: Record<string, string> = {}
	) {
		super(message);
		this.status = status;
		this.code = code;
		this.details = details;
		this.hint = hint;
		this.headers = headers;
	}

	body(): string {
		return JSON.stringify({ code: this.code, details: this.details, hint: this.hint, message: this.message });
	}
}

/** An error as the database reports it (the fields of postgres.js). */
export interface DatabaseError {
	code: string;
	message: string;
	detail?: string;
	hint?: string;
}

/** HTTP statuses of whole classes of SQLSTATE; what is in none of these tables is the caller's mistake, 400. */
const classes: Record<string, number> = {
	'08': 503,
	'09': 500,
	'0L': 403,
	'0P': 403,
	'25': 500,
	'28': 403,
	'2D': 500,
	'38': 500,
	'39': 500,
	'3B': 500,
	'40': 500,
	'53': 503,
	'54': 500,
	'55': 500,
	'57': 500,
	'58': 500,
	F0: 500,
	HV: 500,
	P0: 500,
	XX: 500
};

const codes: Record<string, number> = {
	'23503': 409,
	'23505': 409,
	'25006': 405,
	'42883': 404,
	'42P01': 404,
	'42P17': 500,
	'53400': 500,
	P0001: 400
};

/** The HTTP status of a database error, by PostgREST's table. */
export function statusOf(error: DatabaseError, anonymous: boolean): number {
	const { code } = error;
	if (code === '42501') return anonymous ? 401 : 403;
	if (code === '21000') return error.message.endsWith('requires a WHERE clause') ? 400 : 500;
	if (code === '22023' && /^role ".*" does not exist$/.test(error.message)) return 401;
	const custom = /^PT(\d{3})$/.exec(code);
	if (custom) return Number(custom[1]);
	return codes[code] ?? classes[code.slice(0, 2)] ?? 400;
}

/** What `raise sqlstate 'PGRST'` says: the body in its message, status and headers in its detail, both JSON. */
function fromRaise(error: DatabaseError): RestError {
	try {
		const body = JSON.parse(error.message) as { code: string; message: string; details?: string; hint?: string };
		const answer = JSON.parse(error.detail ?? '') as { status: number; headers?: Record<string, string> };
		return new RestError(
			answer.status,
			body.code,
			body.message,
			body.details ?? null,
			body.hint ?? null,
			answer.headers
		);
	} catch {
		return new RestError(
			500,
			'PGRST121',
			'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error',
			'MESSAGE and DETAIL must be JSON objects',
			null
		);
	}
}

/** SQLSTATEs raised by our own statements after a write, to undo it; see `guards` in answer.ts. */
export const notSingular = 'PGR16';
export const tooManyAffected = 'PGR24';

export function singularError(rows: string | number): RestError {
	return new RestError(
		406,
		'PGRST116',
		'Cannot coerce the result to a single JSON object',
		`The result contains ${rows} rows`
	);
}

/** The answer to a statement that the database refused. */
export function fromDatabase(error: DatabaseError, anonymous: boolean): RestError {
	if (error.code === 'PGRST') return fromRaise(error);
	if (error.code === notSingular) return singularError(error.message);
	if (error.code === tooManyAffected) {
		return new RestError(
			400,
			'PGRST124',
			'Query result exceeds max-affected preference constraint',
			`The query affects ${error.message} rows`
		);
	}
	// What is wrong with the server itself names its files: that is for its log.
	if (/^(?:53100|58...|XX...)$/.test(error.code)) {
		const full = error.code === '53100';
		return new RestError(full ? 507 : 500, error.code, full ? 'There is no room left' : 'The database failed');
	}
	const status = statusOf(error, anonymous);
	const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
	return new RestError(status, error.code, error.message, error.detail ?? null, error.hint ?? null, headers);
}
