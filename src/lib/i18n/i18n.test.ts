import { beforeAll, describe, expect, test } from 'vitest';
import { i18nOf } from './i18n.ts';
import { languages } from './languages.ts';
import { loadMessages } from './messages.ts';

const local = '2026-02-20T14:30:00';

describe('each language', () => {
	beforeAll(async () => {
		await Promise.all(languages.map((language) => loadMessages(language, ['common'])));
	});

	test.each([
		['fr', 1, '1 avis'],
		['fr', 3, '3 avis'],
		['ar', 1, 'رأي واحد'],
		['ar', 2, 'رأيان'],
		['ar', 5, '5 آراء'],
		['ar', 11, '11 رأياً'],
		['en', 1, '1 review'],
		['en', 2, '2 reviews']
	] as const)('counts in its own plurals: %s %i', (language, count, text) => {
		expect(i18nOf(language)('common.rating.count', { count })).toBe(text);
	});

	test('writes Moroccan amounts with Latin digits, without centimes where there are none', () => {
		const plain = (text: string) => text.replace(/[\u00a0\u202f\u200f\u200e]/g, ' ').trim();
		expect(plain(i18nOf('fr').money(15000))).toBe('150 MAD');
		expect(plain(i18nOf('fr').money(15050))).toBe('150,50 MAD');
		expect(plain(i18nOf('ar').money(15000))).toContain('150');
		expect(plain(i18nOf('en').money(15000))).toBe('MAD 150');
	});

	test('shows a local time as it is given', () => {
		expect(i18nOf('fr').local(local, 'moment')).toContain('14:30');
		expect(i18nOf('ar').local(local, 'moment')).toContain('14:30');
		expect(i18nOf('fr').local(local, 'full')).toBe('vendredi 20 février 2026');
		expect(i18nOf('ar').local(local, 'long')).toMatch(/^20 \p{Script=Arabic}+،? 2026$/u);
	});

	test('says how far a moment is away', () => {
		const now = new Date('2026-11-20T12:00:00Z');
		expect(i18nOf('en').relative('2026-11-20T14:00:00Z', now)).toBe('in 2 hours');
		expect(i18nOf('fr').relative('2026-11-19T12:00:00Z', now)).toBe('hier');
	});
});

test('two hundred requests at once each speak their own language', async () => {
	const wanted = { fr: 'Rechercher', ar: 'بحث', en: 'Search' };
	const requests = Array.from({ length: 200 }, async (_, number) => {
		const language = languages[number % languages.length]!;
		await loadMessages(language, number % 2 ? ['common', 'auth'] : ['home', 'common', 'errors']);
		await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
		const t = i18nOf(language);
		return (
			t('common.actions.search') === wanted[language] &&
			t('common.rating.count', { count: 2 }) === { fr: '2 avis', ar: 'رأيان', en: '2 reviews' }[language] &&
			t.number(1234.5) === new Intl.NumberFormat(t.locale).format(1234.5)
		);
	});
	expect((await Promise.all(requests)).filter((right) => !right)).toHaveLength(0);
});
