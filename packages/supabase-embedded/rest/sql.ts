import { RestError } from './errors.ts';

/** Postgres has no NUL in its texts, and in a message it would end the statement. Raises 22021. */
function checked(text: string): string {
	if (text.includes('\0')) throw new RestError(400, '22021', 'invalid byte sequence for encoding "UTF8": 0x00');
	return text;
}

/** An identifier as SQL takes it. */
export function identifier(name: string): string {
	return `"${checked(name).replaceAll('"', '""')}"`;
}

/** A text as a literal of unknown type, so that the database resolves it as it would a value typed by hand. */
export function literal(text: string): string {
	const quoted = `'${checked(text).replaceAll("'", "''")}'`;
	return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Texts as an array literal of unknown type. */
export function arrayLiteral(items: string[]): string {
	return literal(`{${items.map((item) => `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`);
}

/** `schema.name`, quoted. */
export function qualified(schema: string, name: string): string {
	return `${identifier(schema)}.${identifier(name)}`;
}
