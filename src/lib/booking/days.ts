import { addDays } from '#lib/time/zone.ts';
import type { OfferedSlot } from './offer.ts';

/** Days that one page of the picker shows. */
export const daysShown = 14;

export interface Day {
	/** YYYY-MM-DD on the provider's calendar */
	date: string;
	slots: OfferedSlot[];
}

/** The days from `first` on, each with its free slots by the provider's clocks. */
export function daysOf(slots: OfferedSlot[], first: string, count = daysShown): Day[] {
	const byDay = Map.groupBy(slots, ({ local_starts_at }) => local_starts_at.slice(0, 10));
	return Array.from({ length: count }, (_, index) => {
		const date = addDays(first, index);
		return { date, slots: byDay.get(date) ?? [] };
	});
}

/** The first day of the page of the picker that a day is on, pages being counted from today. */
export function pageStart(day: string, today: string): string {
	if (day < today) return today;
	const distance = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
	return addDays(today, Math.floor(distance / daysShown) * daysShown);
}
