import { expect, test } from 'vitest';
import { i18nOf } from '#lib/i18n/i18n.ts';
import { durationText } from './duration.ts';

test.each([
	['fr', 45, '45 minutes'],
	['fr', 60, '1 heure'],
	['fr', 110, '1 heure et 50 minutes'],
	['ar', 420, '7 ساعات'],
	['en', 90, '1 hour and 30 minutes']
] as const)('in %s, %i minutes are %s', (language, minutes, words) => {
	expect(durationText(minutes, i18nOf(language)).replaceAll('\u00a0', ' ')).toBe(words);
});
