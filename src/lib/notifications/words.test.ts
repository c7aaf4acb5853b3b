import { beforeAll, describe, expect, test } from 'vitest';
import { i18nOf } from '#lib/i18n/i18n.ts';
import { languages } from '#lib/i18n/languages.ts';
import { loadMessages } from '#lib/i18n/messages.ts';
import { kinds } from './kinds.ts';
import type { Kind } from './kinds.ts';
import type { Notification } from './queries.ts';
import { wordsOf } from './words.ts';

const confirmed = {
	id: 'n',
	kind: 'booking_confirmed',
	data: {
		provider: 'Plomberie Al Amal',
		service: 'Fuite d’eau',
		when: '21/11/2026 10:30',
		name: 'Amina',
		from: 'Youssef',
		what: 'Amal'
	},
	booking_id: 'b',
	read_at: null,
	created_at: '2026-11-20T10:00:00+00:00',
	booking: {
		local_starts_at: '2026-11-21T10:30:00',
		currency: 'MAD',
		refund_minor: 0,
		customer_name: 'Amina Benali',
		service: { name_fr: 'Fuite d’eau', name_ar: 'تسرب الماء', name_en: 'Water leak' },
		provider: { name: 'Plomberie Al Amal', name_ar: 'سباكة الأمل' }
	}
} satisfies Notification;

const plain = (text: string) => text.replace(/[\u2068\u2069\u200e\u200f]/g, '').replace(/[\u00a0\u202f]/g, ' ');

beforeAll(() => Promise.all(languages.map((language) => loadMessages(language, ['notifications']))));

describe.each(languages)('in %s', (language) => {
	test.each(Object.keys(kinds) as Kind[])('%s says who', (kind) => {
		const { sentence } = wordsOf({ ...confirmed, kind }, i18nOf(language));
		if (kinds[kind] !== 'security') expect(sentence).toMatch(/Amal|الأمل|Amina|Youssef/);
		expect(sentence).not.toMatch(/[{}]/);
	});

	test('what an older site does not know is still announced', () => {
		const t = i18nOf(language);
		expect(wordsOf({ ...confirmed, kind: 'something_new' as Kind }, t).sentence).toBe(t('notifications.title'));
	});
});

test('names and the local time are said in the language of the page', () => {
	const { sentence, details } = wordsOf(confirmed, i18nOf('ar'));
	expect(plain(sentence)).toContain('سباكة الأمل');
	expect(plain(details[0]!)).toBe('تسرب الماء');
	expect(details[1]).toContain('10:30');
});

test('who may no longer see the booking reads what was written then', () => {
	const { sentence, details } = wordsOf({ ...confirmed, booking: null }, i18nOf('fr'));
	expect(plain(sentence)).toBe('Votre réservation chez Plomberie Al Amal est confirmée.');
	expect(details.map(plain)).toEqual(['Fuite d’eau', '21/11/2026 10:30']);
});

test('a cancellation says what comes back, a confirmation does not', () => {
	const booking = { ...confirmed.booking, refund_minor: 7500 };
	const cancelled = wordsOf({ ...confirmed, kind: 'booking_cancelled', booking }, i18nOf('fr'));
	expect(cancelled.details.map(plain)).toContain('Remboursement : 75 MAD');
	expect(wordsOf({ ...confirmed, booking }, i18nOf('fr')).details).toHaveLength(2);
});

test('money that went an unusual way is named with its sum', () => {
	const returned = { ...confirmed, kind: 'payment_returned' as const, data: { amount_minor: 7500, currency: 'MAD' } };
	expect(plain(wordsOf(returned, i18nOf('fr')).sentence)).toContain('75 MAD');
	const dinars = { ...returned, data: { amount_minor: 1600, currency: 'TND' } };
	expect(plain(wordsOf(dinars, i18nOf('en')).sentence)).toContain('1.6');
});

test('a business that wrote is called as in the language of the page', () => {
	const data = { from: 'Plomberie Al Amal', from_ar: 'سباكة الأمل' };
	const message = { ...confirmed, kind: 'message_received' as const, data };
	expect(plain(wordsOf(message, i18nOf('ar')).sentence)).toBe('رسالة جديدة من سباكة الأمل.');
	expect(plain(wordsOf(message, i18nOf('fr')).sentence)).toBe('Nouveau message de Plomberie Al Amal.');
});

test('a message is about nothing but who wrote it, even if that person has no name', () => {
	const message = { ...confirmed, kind: 'message_received' as const, booking_id: null, booking: null };
	expect(wordsOf({ ...message, data: { from: '' } }, i18nOf('en'))).toEqual({
		sentence: 'New message from \u2068someone\u2069.',
		details: []
	});
});
