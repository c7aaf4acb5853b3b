import type { I18n } from '#lib/i18n/i18n.ts';

/** How long something takes, in words: "45 minutes", "2 heures", "1 heure et 50 minutes". */
export function durationText(minutes: number, t: Pick<I18n, 'number' | 'list'>): string {
	const unit = (value: number, name: 'hour' | 'minute') =>
		t.number(value, { style: 'unit', unit: name, unitDisplay: 'long' });
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	return t.list([...(hours > 0 ? [unit(hours, 'hour')] : []), ...(rest > 0 ? [unit(rest, 'minute')] : [])]);
}
