/** What is read of a relation when the stream names it. */
interface Relation {
	schema: string;
	name: string;
	columns: string[];
}

/** A row that was inserted: its columns as Postgres writes them in text, null for null. */
export interface InsertedRow {
	schema: string;
	relation: string;
	values: Record<string, string | null>;
}

/**
 * Reads the inserts out of pgoutput's messages (protocol version 1, text values), which name a relation once before
 * its rows. Everything else in the stream is passed over.
 */
export class PgoutputReader {
	readonly #relations = new Map<number, Relation>();

	/** One message of the stream; the row when it is an insert. */
	read(message: Buffer): InsertedRow | null {
		const kind = String.fromCharCode(message[0]!);
		if (kind === 'R') this.#define(message);
		return kind === 'I' ? this.#insert(message) : null;
	}

	#define(message: Buffer): void {
		const id = message.readUInt32BE(1);
		let offset = 5;
		const text = () => {
			const end = message.indexOf(0, offset);
			const value = message.toString('utf8', offset, end);
			offset = end + 1;
			return value;
		};
		const schema = text() || 'pg_catalog';
		const name = text();
		offset += 1; // replica identity
		const count = message.readUInt16BE(offset);
		offset += 2;
		const columns = Array.from({ length: count }, () => {
			offset += 1; // flags
			const column = text();
			offset += 8; // type and its modifier
			return column;
		});
		this.#relations.set(id, { schema, name, columns });
	}

	#insert(message: Buffer): InsertedRow | null {
		const relation = this.#relations.get(message.readUInt32BE(1));
		if (!relation) return null;
		const values: InsertedRow['values'] = {};
		const count = message.readUInt16BE(6); // after the relation and the letter N
		let offset = 8;
		for (let index = 0; index < count; index++) {
			const form = String.fromCharCode(message[offset]!);
			offset += 1;
			let value: string | null = null;
			if (form === 't') {
				const length = message.readUInt32BE(offset);
				offset += 4;
				value = message.toString('utf8', offset, offset + length);
				offset += length;
			}
			values[relation.columns[index]!] = value;
		}
		return { schema: relation.schema, relation: relation.name, values };
	}
}
