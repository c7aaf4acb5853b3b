import type { MessageKey } from '#lib/i18n/messages.ts';

/** The codes that our database functions raise, with the HTTP status each arrives with. */
export const errorStatuses = {
	slot_taken: 409,
	seat_taken: 409,
	session_full: 409,
	outside_hours: 422,
	too_soon: 422,
	too_far: 422,
	party_size: 422,
	hold_expired: 410,
	not_allowed: 403,
	not_found: 404,
	invalid_transition: 409,
	promo_invalid: 422,
	price_changed: 409,
	idempotency_mismatch: 422,
	rate_limited: 429,
	invalid_input: 422,
	limit_reached: 422,
	already_member: 409,
	last_owner: 409,
	session_ended: 401,
	second_factor_required: 403,
	step_up_required: 403
} as const;

export type ErrorCode = keyof typeof errorStatuses;

/** A refusal or failure of Supabase, ready to show. */
export interface AppError {
	code: ErrorCode | 'out_of_room' | 'unknown';
	status: number;
	/** the sentence to show */
	key: MessageKey;
	/** the next free moments (ISO instants), where a place was refused */
	nextFree: string[];
	/** the field that was refused, for `invalid_input` */
	field: string | null;
}

/** What PostgREST, an edge function or a fetch failure gives. */
interface RawError {
	code?: string;
	message?: string;
	details?: string | null;
	detail?: string | null;
	hint?: string | null;
	status?: number;
	/** of Storage */
	statusCode?: string;
}

/**
 * Turns an error of PostgREST or of one of our functions into one to show. Errors of the database that have a meaning
 * of their own (a policy's refusal, a row that is not there) get it; what is unknown gets a general sentence and a line
 * in the log with its code only, as texts of errors may hold personal data.
 */
export function toAppError(error: unknown): AppError {
	const raw = (typeof error === 'object' && error !== null ? error : {}) as RawError;
	const code = meaning(raw);
	if (!code) {
		console.error(JSON.stringify({ event: 'unknown_error', code: raw.code ?? null, status: raw.status ?? null }));
		// Postgres and Storage: the disk is full
		if (raw.code === '53100' || Number(raw.statusCode) === 507)
			return { code: 'out_of_room', status: 507, key: 'errors.out_of_room', nextFree: [], field: null };
		return { code: 'unknown', status: 500, key: 'errors.unknown', nextFree: [], field: null };
	}
	return {
		code,
		status: errorStatuses[code],
		key: `errors.${code}`,
		nextFree: instants(raw.hint),
		field: code === 'invalid_input' ? (raw.details ?? raw.detail ?? null) : null
	};
}

function meaning({ code, message }: RawError): ErrorCode | null {
	if (message && Object.hasOwn(errorStatuses, message)) return message as ErrorCode;
	if (code === '42501') return 'not_allowed';
	if (code === 'PGRST116') return 'not_found';
	if (code && ['22P02', '22007', '23502', '23514'].includes(code)) return 'invalid_input';
	return null;
}

/** The moments in a hint: a JSON list of instants, or nothing. */
function instants(hint: string | null | undefined): string[] {
	if (!hint) return [];
	try {
		const parsed: unknown = JSON.parse(hint);
		if (!Array.isArray(parsed)) return [];
		return parsed.filter((item): item is string => typeof item === 'string' && !Number.isNaN(Date.parse(item)));
	} catch {
		return [];
	}
}
