import type { I18n } from '#lib/i18n/i18n.ts';
import { localised } from '#lib/i18n/localised.ts';
import { dataNumber, dataText, kinds } from './kinds.ts';
import type { Kind } from './kinds.ts';
import type { Notification } from './queries.ts';

/** Keeps a name of one script from turning the sentence around it: first strong isolate … pop. */
const isolate = (text: string) => `\u2068${text}\u2069`;

/**
 * What a notification says in a language: its sentence, and what it is about (service, time, refund). Names and times
 * come from the booking; where its reader sees it no longer, from the notification's own data.
 */
export function wordsOf({ kind, data, booking }: Notification, t: I18n): { sentence: string; details: string[] } {
	const given = (name: string) => dataText(data, name);
	const provider = booking?.provider ? localised(booking.provider, 'name', t.language) : given('provider');
	const service = booking?.service ? localised(booking.service, 'name', t.language) : given('service');
	const when = booking?.local_starts_at ? t.local(booking.local_starts_at, 'moment') : given('when');
	const refund = kind.includes('cancelled') || kind === 'booking_rejected' ? (booking?.refund_minor ?? 0) : 0;
	const name = (text: string | undefined) => isolate(text || t('notifications.someone'));
	const sum = dataNumber(data, 'amount_minor');
	const values = {
		amount: sum === null ? '' : t.money(sum, given('currency') || booking?.currency),
		provider: name(provider),
		name: name(booking?.customer_name ?? given('name')),
		what: name(given('what')),
		count: dataNumber(data, 'count') ?? 0,
		party: dataNumber(data, 'party') ?? 0,
		from: name(localised({ name: given('from'), name_ar: given('from_ar') }, 'name', t.language))
	};
	return {
		// A database that is ahead of the site may know more kinds.
		sentence: Object.hasOwn(kinds, kind) ? t(`notifications.kind.${kind as Kind}`, values) : t('notifications.title'),
		details: [
			isolate(service),
			when,
			given('note') && isolate(given('note')),
			refund > 0 ? t('notifications.refund', { amount: t.money(refund, booking?.currency) }) : ''
		].filter((text) => /[^\u2068\u2069]/.test(text))
	};
}
