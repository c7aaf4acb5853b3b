import { helpers } from './declared/private.ts';
import { columnsOf } from './notation.ts';
import type { Function, Grants, Table } from './notation.ts';

const everything = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'];

function ofRole(name: string, table: Table, role: string, grants: Grants = {}): string[] {
	const columns = (['select', 'insert', 'update'] as const).flatMap((right) =>
		columnsOf(table, grants[right]).map((column) => `${name} ${role} ${right} ${column}`)
	);
	return grants.delete ? [...columns, `${name} ${role} delete`] : columns;
}

/** The rights that a declaration gives on a table, in the words of `Schema.rights`. */
export function rightsOf(name: string, table: Table): string[] {
	const service = table.service === undefined ? everything : table.service.split(' ').filter(Boolean);
	return [
		...ofRole(name, table, 'anon', table.anon),
		...ofRole(name, table, 'authenticated', table.authenticated),
		...service.map((right) => `${name} service_role ${right}`)
	];
}

/** The roles that a declaration lets execute a function, in order. */
export function executorsOf(declared: Function): string[] {
	return {
		everyone: ['anon', 'authenticated', 'service_role'],
		accounts: ['authenticated', 'service_role'],
		'secret key': ['service_role']
	}[declared.for];
}

/** Which functions of schema private visitors and accounts may execute, as `name roles`: see declared/private.ts. */
export function helpersFor(faces: [string, Function][], names: Iterable<string>): string[] {
	const byFace = new Map(
		faces.map(([name, face]) => [name, executorsOf(face).filter((role) => role !== 'service_role')])
	);
	for (const name of helpers.everyone.split(/\s+/)) byFace.set(name, ['anon', 'authenticated']);
	for (const name of helpers.accounts.split(/\s+/)) byFace.set(name, ['authenticated']);
	return [...names].map((name) => `${name} ${(byFace.get(name) ?? []).join(' ')}`.trim());
}
