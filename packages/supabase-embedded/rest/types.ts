import { identifier } from './sql.ts';

/** Types whose names are words of the language: as they may be written, and as SQL takes them. */
const spelt: Record<string, string> = {
	int: 'int4',
	integer: 'int4',
	bigint: 'int8',
	smallint: 'int2',
	real: 'float4',
	float: 'float8',
	'double precision': 'float8',
	decimal: 'numeric',
	boolean: 'bool',
	char: 'bpchar',
	character: 'bpchar',
	'character varying': 'varchar',
	'bit varying': 'varbit',
	time: 'time',
	'time without time zone': 'time',
	'time with time zone': 'timetz',
	timestamp: 'timestamp',
	'timestamp without time zone': 'timestamp',
	'timestamp with time zone': 'timestamptz'
};

/**
 * The name of a type that a request gives, as SQL takes it: quoted, so that it is one name and nothing else, whatever
 * stands in it. A list is marked by `[]`. Null for what is no name.
 */
export function typeName(text: string): string | null {
	const [, words, list = ''] = /^([a-z_][a-z0-9_]*(?: [a-z]+)*)(\[\])?$/i.exec(text) ?? [];
	if (words === undefined) return null;
	const name = words.toLowerCase();
	if (Object.hasOwn(spelt, name)) return identifier(spelt[name]!) + list;
	return name.includes(' ') ? null : identifier(name) + list;
}
