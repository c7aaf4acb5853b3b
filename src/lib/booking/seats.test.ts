import { describe, expect, test } from 'vitest';
import { bestTogether, nearestFree, neighbour, rowName } from './seats.ts';
import type { Direction, Seat } from './seats.ts';

/** A room as one sees it, the screen above: a letter is a row's free seat, x a taken one, a space an aisle. */
function room(...rows: string[]): Seat[] {
	return rows.flatMap((row, r) =>
		[...row].flatMap((sign, c) =>
			sign === ' '
				? []
				: {
						label: String.fromCharCode(65 + r) + (c + 1),
						category: 'standard',
						row_number: r + 1,
						column_number: c + 1,
						wheelchair: sign === 'w',
						price_minor: 4000,
						free: sign !== 'x'
					}
		)
	);
}

const seats = room('oo oo', 'oxxxo', 'xx xx', 'oo ow');
const at = (label: string) => seats.find((seat) => seat.label === label)!;

describe('the arrow keys', () => {
	test.each<[string, Direction, string | undefined]>([
		['A1', 'ArrowRight', 'A2'],
		['A2', 'ArrowRight', 'A4'],
		['A5', 'ArrowRight', undefined],
		['A4', 'ArrowLeft', 'A2'],
		['B1', 'ArrowRight', 'B5'],
		['A2', 'ArrowDown', 'B1'],
		['B5', 'ArrowDown', 'D5'],
		['D4', 'ArrowUp', 'B5'],
		['A1', 'ArrowUp', undefined],
		['A2', 'End', 'A5'],
		['A5', 'Home', 'A1'],
		['A1', 'Home', undefined]
	])('from %s, %s leads to %s', (from, direction, to) => {
		expect(neighbour(seats, at(from), direction)?.label).toBe(to);
	});
});

test('the keyboard goes on beside a seat that was lost', () => {
	expect(nearestFree(seats, at('B4'))?.label).toBe('B5');
	expect(nearestFree(room('xx'), room('xx')[0]!)).toBeNull();
});

test.each([
	['C12', 'C'],
	['Balcon 3', 'Balcon '],
	['7', '']
])('the row of %s is %s', (label, name) => {
	expect(rowName(label)).toBe(name);
});

describe('the best seats together', () => {
	const hall = room('oooooo', 'oooooo', 'ooxooo', 'oowwoo');
	test.each([
		[1, ['C4']],
		[3, ['B2', 'B3', 'B4']],
		[5, ['B1', 'B2', 'B3', 'B4', 'B5']],
		[7, []]
	])('for %i', (people, labels) => {
		expect(bestTogether(hall, people).map(({ label }) => label)).toEqual(labels);
	});

	test('are never parted by an aisle', () => {
		expect(bestTogether(room('oo oo'), 3)).toEqual([]);
	});
});
