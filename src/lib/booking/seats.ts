/** A seat on the map of a session; prices in minor units. */
export interface Seat {
	/** what is printed on it, such as C7 */
	label: string;
	category: string;
	/** where it stands: rows from the screen on, columns from left to right as one faces it */
	row_number: number;
	column_number: number;
	wheelchair: boolean;
	price_minor: number;
	free: boolean;
}

/** The keys that lead from seat to seat. */
export const directions = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
export type Direction = (typeof directions)[number];

export function isDirection(key: string): key is Direction {
	return (directions as readonly string[]).includes(key);
}

/**
 * The free seat that a key leads to from `from`, or null where there is none: in its row for left, right, Home and End;
 * for up and down in the nearest row that has a free seat, the one nearest to its column.
 */
export function neighbour(seats: Seat[], from: Seat, direction: Direction): Seat | null {
	const row = (one: Seat) => one.row_number;
	const column = (one: Seat) => one.column_number;
	const others = seats.filter((seat) => seat.free && seat.label !== from.label);
	const beside = others.filter((seat) => row(seat) === row(from)).toSorted((a, b) => column(a) - column(b));
	switch (direction) {
		case 'ArrowLeft':
			return beside.findLast((seat) => column(seat) < column(from)) ?? null;
		case 'ArrowRight':
			return beside.find((seat) => column(seat) > column(from)) ?? null;
		case 'Home':
			return beside.find((seat) => column(seat) < column(from)) ?? null;
		case 'End':
			return beside.findLast((seat) => column(seat) > column(from)) ?? null;
	}
	const ahead = others.filter((seat) => (direction === 'ArrowUp' ? row(seat) < row(from) : row(seat) > row(from)));
	return (
		ahead.toSorted(
			(a, b) =>
				Math.abs(row(a) - row(from)) - Math.abs(row(b) - row(from)) ||
				Math.abs(column(a) - column(from)) - Math.abs(column(b) - column(from)) ||
				column(a) - column(b)
		)[0] ?? null
	);
}

/** The free seat nearest to one that is no longer to be had: where the keyboard goes on. */
export function nearestFree(seats: Seat[], to: Seat): Seat | null {
	const distance = (seat: Seat) =>
		2 * Math.abs(seat.row_number - to.row_number) + Math.abs(seat.column_number - to.column_number);
	return seats.filter(({ free }) => free).toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** The name of a row: what the labels of its seats have before their numbers. */
export function rowName(label: string): string {
	return label.replace(/\d+$/, '');
}

/**
 * The best free seats for some people who want to sit side by side: without a gap, as near as may be to the middle of
 * the room and to two thirds of its depth. Places for wheelchairs are left to those who need them. Empty where no row
 * has as many together.
 */
export function bestTogether(seats: Seat[], people: number): Seat[] {
	const columns = seats.map(({ column_number }) => column_number);
	const middle = (Math.min(...columns) + Math.max(...columns)) / 2;
	const depth = Math.max(...seats.map(({ row_number }) => row_number)) * 0.67;
	let best: Seat[] = [];
	let least = Infinity;
	for (const row of Map.groupBy(seats, ({ row_number }) => row_number).values()) {
		const inOrder = row.toSorted((a, b) => a.column_number - b.column_number);
		for (let first = 0; first + people <= inOrder.length; first++) {
			const group = inOrder.slice(first, first + people);
			const left = group[0]!.column_number;
			const together = group.every((seat, n) => seat.free && !seat.wheelchair && seat.column_number === left + n);
			const distance = Math.abs(left + (people - 1) / 2 - middle) + 2 * Math.abs(group[0]!.row_number - depth);
			if (together && distance < least) [best, least] = [group, distance];
		}
	}
	return best;
}
