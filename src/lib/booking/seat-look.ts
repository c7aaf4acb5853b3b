import type { I18n } from '#lib/i18n/i18n.ts';
import type { Seat } from './seats.ts';

/** What seats of one category cost; the cheapest first. */
export interface SeatCategory {
	code: string;
	price_minor: number;
}

export function categoriesOf(seats: Seat[]): SeatCategory[] {
	const prices = new Map(seats.map(({ category, price_minor }) => [category, price_minor]));
	return [...prices]
		.map(([code, price_minor]) => ({ code, price_minor }))
		.toSorted((a, b) => a.price_minor - b.price_minor || a.code.localeCompare(b.code));
}

const shapes = ['shape-plain', 'shape-crown', 'shape-round', 'shape-cut'] as const;

/** The shape of a category's seats, so that colour is not needed to tell them apart. */
export function seatShape(categories: SeatCategory[], code: string): (typeof shapes)[number] {
	const index = categories.findIndex((category) => category.code === code);
	return shapes[Math.min(Math.max(index, 0), shapes.length - 1)]!;
}

const named = ['standard', 'premium', 'vip', 'balcony'] as const;

/** A category's name: from the dictionary where it has one, else as its provider wrote it. */
export function categoryName(code: string, t: I18n): string {
	const known = named.find((name) => name === code);
	return known ? t(`booking.seats.category.${known}`) : code.replaceAll('_', ' ');
}
