import { describe, expect, test } from 'vitest';
import { languageOfPath, negotiate, pathIn } from './languages.ts';

describe('a path tells its language', () => {
	test.each([
		['/', 'fr'],
		['/search', 'fr'],
		['/ar', 'ar'],
		['/ar/search', 'ar'],
		['/en/providers/x', 'en'],
		['/arabic', 'fr']
	])('%s is %s', (path, language) => expect(languageOfPath(path)).toBe(language));
});

describe('the same page in another language', () => {
	test.each([
		['ar', '/', '/ar'],
		['ar', '/search', '/ar/search'],
		['fr', '/ar', '/'],
		['fr', '/ar/search', '/search'],
		['en', '/ar/search', '/en/search'],
		['en', '/en', '/en'],
		['fr', '/fr/search', '/search']
	] as const)('%s of %s is %s', (language, path, expected) => expect(pathIn(language, path)).toBe(expected));
});

describe('a browser asks for a language', () => {
	test.each([
		[null, 'fr'],
		['', 'fr'],
		['de-DE,de', 'fr'],
		['ar-MA,ar;q=0.9,fr;q=0.8', 'ar'],
		['de,en-GB;q=0.8,fr;q=0.9', 'fr'],
		['en-US', 'en'],
		['ar;q=0,en;q=0.1', 'en']
	])('%s gives %s', (header, language) => expect(negotiate(header)).toBe(language));
});
