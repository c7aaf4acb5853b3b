/** A place in a list that goes by moments: the moment and the id of a row. */
export interface Cursor {
	/** an instant as the database writes it, to the microsecond */
	at: string;
	id: string;
}

/** A cursor as an address holds it. */
export const cursorText = ({ at, id }: Cursor): string => `${at}_${id}`;

/**
 * A filter for rows on one side of a cursor, its own row too where `included`. Several may be of the same moment; then
 * their ids decide.
 */
export const past = (column: string, side: 'lt' | 'gt', { at, id }: Cursor, included = false): string =>
	`${column}.${side}."${at}",and(${column}.eq."${at}",id.${side}${included ? 'e' : ''}.${id})`;

/** A page of a list, and the cursor at which the next one begins; null at the end. */
export interface Page<Row> {
	rows: Row[];
	next: string | null;
}

/** Cuts rows of which one more than a page of `size` was asked for. */
export function paged<Row>(rows: Row[], size: number, cursorOf: (row: Row) => Cursor): Page<Row> {
	const shown = rows.slice(0, size);
	return { rows: shown, next: rows.length > size ? cursorText(cursorOf(shown.at(-1)!)) : null };
}
