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

/**
 * The day whose times are shown: the one asked for while there is anything on it, also what has just gone; else the next
 * one with a free time, or the first.
 */
export function dayShown(days: Day[], asked: string | null): string {
	if (days.some(({ date, slots }) => date === asked && slots.length > 0)) return asked!;
	const free = days.filter(({ slots }) => slots.some(({ gone }) => !gone)).map(({ date }) => date);
	return free.find((date) => asked !== null && date > asked) ?? free[0] ?? asked ?? days[0]!.date;
}

/** The first day of the page of the picker that a day is on, pages being counted from today. */
export function pageStart(day: string, today: string): string {
	if (day < today) return today;
	const distance = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
	return addDays(today, Math.floor(distance / daysShown) * daysShown);
}
