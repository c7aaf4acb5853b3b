// The dictionaries that the codes refer to are read by Vite.
/// <reference types="vite/client" />
import { errorStatuses } from '../../../src/lib/supabase/errors.ts';
import type { Sent } from './calls.ts';

/** What came back. */
export interface Answer {
	status: number;
	contentType: string;
	body: string;
}

/** Texts that only a database or a program says. */
const inside =
	/pg_catalog|plpgsql|SQL statement|syntax error at|at character \d|node_modules|\n {4}at \S+ \(|pgrst_|violates \S+ constraint|relation "|PGRST\d{3}|permission denied for|invalid input syntax|duplicate key value/i;

/** What Postgres says of a value that it cannot read as the type of a parameter or a column: it names the value alone. */
const unreadable =
	/^(invalid input (syntax|value)|malformed (array|range|record) literal|malformed JSON array|(date\/time|time zone|interval) (field|displacement)|(date|timestamp|time) out of range: "|value ".*" is out of range|".*" is out of range|unsupported Unicode escape|invalid byte sequence|range lower bound must be less|array (size exceeds|is too large)|invalid (unicode|Unicode)|expected JSON array|could not determine|multidimensional arrays|time zone ".*" not recognized|invalid value for parameter "TimeZone"|cannot call (json|populate)|numeric field overflow|bad (month|day)|"time" units|date out of range)/is;

/** Classes of SQLSTATE that a query of the caller's own making may end with. */
const ofQueries = /^(22|42)/;

interface Context {
	/** functions say in our own codes what is wrong; only what never reached one may come from the database */
	kind: 'function' | 'table';
	sent: Sent;
	/** the query string asks for more than the call itself */
	queried: boolean;
}

/** What is wrong with an answer of REST, in words; null for one that may be given. */
export function judgeAnswer(answer: Answer, { kind, sent, queried }: Context): string | null {
	const { status, body, contentType } = answer;
	// Arrays of more dimensions than Postgres has are refused while PostgREST reads the call, before any function of ours.
	if (status === 500 && body.includes('"54000"') && body.includes('number of array dimensions')) return null;
	if (status >= 500) return `it answered ${status}: ${body.slice(0, 300)}`;
	// Addresses and headers beyond a server's limits are refused before anything reads them.
	if (status < 300 || sent.method === 'HEAD' || status === 431 || status === 414) return null;
	// A refusal that a function gives as an answer comes in the form that was asked for.
	if (contentType.startsWith('text/csv') && /(^|,)PT4\d\d,|""code"": ""PT4\d\d""/m.test(body)) return null;
	if (!/^application\/(vnd\.pgrst\.(object|array)\+)?json/.test(contentType))
		return `a refusal of the type "${contentType}": ${body.slice(0, 200)}`;
	let refusal: { code?: unknown; message?: unknown; details?: unknown; hint?: unknown };
	try {
		refusal = JSON.parse(body) as typeof refusal;
	} catch {
		return `a refusal that is not JSON: ${body.slice(0, 200)}`;
	}
	// A refusal that a function gives as an answer is cut by the query as any answer is.
	if (queried && kind === 'function' && typeof refusal?.code !== 'string') return null;
	const { code, message } = refusal ?? {};
	if (typeof code !== 'string' || typeof message !== 'string' || !('details' in refusal && 'hint' in refusal))
		return `a refusal in another form: ${body.slice(0, 200)}`;
	if (code.startsWith('PGRST')) return null;
	if (/^PT\d{3}$/.test(code)) {
		const known = errorStatuses[message as keyof typeof errorStatuses];
		return known === status && code === `PT${status}` ? null : `an unknown code: ${code} ${message} (${status})`;
	}
	const told = `${code} ${message}${typeof refusal.details === 'string' ? ` (${refusal.details})` : ''}`.slice(0, 300);
	if (code === '42501' && /^permission denied for (function|table|schema|view)|row-level security policy/.test(message))
		return null;
	// A function that writes, called by GET; a write without a filter, which Supabase refuses.
	if (code === '25006' || (code === '21000' && message.endsWith('requires a WHERE clause'))) return null;
	if (queried && ofQueries.test(code)) return null;
	if (code.startsWith('22') && unreadable.test(message)) return null;
	if (kind === 'table' && /^(22|23)/.test(code))
		return leaks(refusal.details, sent) ? `it tells of rows: ${told}` : null;
	return `the database speaks: ${told}`;
}

/** Details that hold values of a row that the caller did not send. */
function leaks(details: unknown, sent: Sent): boolean {
	if (typeof details !== 'string' || details === '') return false;
	const own = decodeURIComponent(sent.url.replace(/%(?![0-9A-F]{2})/g, '')) + String(sent.body ?? '');
	const values = /\((.*)\)(?: already exists|\.| is )/s.exec(details)?.[1] ?? '';
	return /Failing row/.test(details) || values.split(', ').some((value) => value.length > 3 && !own.includes(value));
}

/** Words in a page that only a database or a program says; null when there are none beyond what the caller wrote. */
export function insideText(body: string, sent: string): string | null {
	const found = inside.exec(body)?.[0];
	return found && !sent.includes(found) ? found : null;
}
