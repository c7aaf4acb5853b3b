import type { Context } from 'hono';

/** The first API version whose errors are `{ code: string, message }`; auth-js asks for it. */
const versionWithCodes = '2024-01-01';
const versionHeader = 'X-Supabase-Api-Version';

/** A refusal in GoTrue's words: HTTP status, stable code, sentence, and what else the body carries. */
export class AuthError extends Error {
	readonly status: number;
	readonly code: string;
	readonly details: Record<string, unknown>;

	constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}) {
		super(message);
		this.status = status;
		this.code = code;
		this.details = details;
	}
}

export const invalid = (message: string) => new AuthError(400, 'validation_failed', message);

/** What the caller is told when the database or the mail server failed; `cause` goes to the log alone. */
export const failed = (message: string, cause: unknown) => {
	const error = new AuthError(500, 'unexpected_failure', message);
	error.cause = cause;
	return error;
};

/** Answers with an error in the form that the request's API version has. */
export function errorResponse(context: Context, error: AuthError): Response {
	const version = context.req.header(versionHeader) ?? '';
	const headers: Record<string, string> = { 'content-type': 'application/json', 'x-sb-error-code': error.code };
	if (/^\d{4}-\d{2}-\d{2}$/.test(version) && version >= versionWithCodes) {
		headers[versionHeader] = versionWithCodes;
		return Response.json(
			{ code: error.code, message: error.message, ...error.details },
			{ status: error.status, headers }
		);
	}
	const body = { code: error.status, error_code: error.code, msg: error.message, ...error.details };
	return Response.json(body, { status: error.status, headers });
}
