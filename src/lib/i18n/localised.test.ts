import { expect, test } from 'vitest';
import { localised } from './localised.ts';

const service = { name_fr: 'Fuite', name_ar: 'تسرب', name_en: null };

test.each([
	['fr', 'Fuite'],
	['ar', 'تسرب'],
	['en', 'Fuite']
] as const)('in %s a service is called %s', (language, name) => {
	expect(localised(service, 'name', language)).toBe(name);
});

test('a provider has a Latin name and perhaps an Arabic one', () => {
	const provider = { name: 'Al Amal', name_ar: 'الأمل' };
	expect(localised(provider, 'name', 'ar')).toBe('الأمل');
	expect(localised(provider, 'name', 'en')).toBe('Al Amal');
	expect(localised({ name: 'Al Amal', name_ar: null }, 'name', 'ar')).toBe('Al Amal');
});
