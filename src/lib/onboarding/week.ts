import type { MessageKey } from '#lib/i18n/messages.ts';

/** ISO: 1 is Monday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof weekdays)[number];

/** One day's hours as `start_provider` takes them; `closes` at or before `opens` is on the next day. */
export interface DayHours {
	weekday: Weekday;
	opens: string;
	closes: string;
}

type Values = Record<string, string>;

const time = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What the week's fields hold before anybody has touched them: Monday to Saturday, nine to seven. */
export function usualWeek(): Values {
	const values: Values = {};
	for (const day of weekdays) {
		if (day < 7) values[`open_${day}`] = 'on';
		values[`opens_${day}`] = '09:00';
		values[`closes_${day}`] = '19:00';
	}
	return values;
}

/** Reads the week's fields: the days that are open, or what is wrong, by field. */
export function readWeek(values: Values): { hours: DayHours[]; errors: Record<string, MessageKey> } {
	const hours: DayHours[] = [];
	const errors: Record<string, MessageKey> = {};
	for (const weekday of weekdays) {
		if (!values[`open_${weekday}`]) continue;
		const opens = values[`opens_${weekday}`] ?? '';
		const closes = values[`closes_${weekday}`] ?? '';
		if (!time.test(opens) || !time.test(closes)) errors[`hours_${weekday}`] = 'onboarding.time_wrong';
		else if (opens === closes) errors[`hours_${weekday}`] = 'onboarding.time_same';
		else hours.push({ weekday, opens, closes });
	}
	if (hours.length === 0 && Object.keys(errors).length === 0) errors.hours = 'onboarding.no_day';
	return { hours, errors };
}
