import type { Json } from '#lib/supabase/types.ts';
import { localText } from '#lib/time/zone.ts';

/** One value that an entry of the log tells of: what a column held before and after; null where it held nothing. */
export interface Change {
	/** the column; within a value that has parts, the path to the part (`tiers.0.hours_before`) */
	name: string;
	before: string | null;
	after: string | null;
}

/**
 * What changed, column by column, as texts to read: values with parts are taken apart, and parts that stayed the same are
 * left out. An entry without old values tells of what was made, one without new values of what is gone.
 */
export function changesOf(old: Json | null, fresh: Json | null): Change[] {
	const before = flat(old);
	const after = flat(fresh);
	const names = [...new Set([...before.keys(), ...after.keys()])];
	return names
		.map((name) => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
		.filter((change) => change.before !== change.after);
}

function flat(value: Json | null, path = '', found = new Map<string, string>()): Map<string, string> {
	if (value === null || value === undefined || value === '') return found;
	if (typeof value !== 'object') return found.set(path, readable(value));
	if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
		return value.length > 0 ? found.set(path, value.map(readable).join(', ')) : found;
	}
	for (const [name, part] of Object.entries(value)) flat(part ?? null, path ? `${path}.${name}` : name, found);
	return found;
}

/** A single value; instants by the platform's clocks. */
function readable(value: string | number | boolean | null): string {
	const text = String(value);
	const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
	return instant ? localText(text).replace('T', ' ') : text;
}

/** The page about the row that an entry tells of, where there is one. */
export function subjectOf({
	table_name,
	row_id
}: {
	table_name: string;
	row_id: string;
}): { kind: 'account' | 'provider' | 'verification'; id: string } | null {
	const [first = ''] = row_id.split('/');
	switch (table_name) {
		case 'auth.users':
		case 'auth.mfa_factors':
		case 'public.user_roles':
			return { kind: 'account', id: first };
		case 'public.providers':
		case 'public.provider_members':
			return { kind: 'provider', id: first };
		case 'public.verifications':
			return { kind: 'verification', id: first };
		default:
			return null;
	}
}
