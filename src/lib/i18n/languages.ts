import * as lists from '#lib/supabase/lists.ts';
import type { One } from '#lib/supabase/lists.ts';

/** The languages of the site, first the default. */
export const languages = lists.language;
export type Language = One<'language'>;
export const defaultLanguage: Language = 'fr';

/** What each language is called by those who speak it. */
export const languageNames: Record<Language, string> = { fr: 'Français', ar: 'العربية', en: 'English' };

/** Tags for numbers and dates. Morocco writes Latin digits in Arabic too; said outright, whatever the runtime's data. */
export const localeTags: Record<Language, string> = { fr: 'fr-MA', ar: 'ar-MA-u-nu-latn', en: 'en' };

export function isLanguage(value: unknown): value is Language {
	return languages.includes(value as Language);
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
	return language === 'ar' ? 'rtl' : 'ltr';
}

/** The language that a path is in: its first segment, or the default. */
export function languageOfPath(pathname: string): Language {
	const first = pathname.split('/', 2)[1];
	return first !== defaultLanguage && isLanguage(first) ? first : defaultLanguage;
}

/** A path without the language it starts with. */
export function withoutLanguage(pathname: string): string {
	const first = pathname.split('/', 2)[1];
	return isLanguage(first) ? pathname.slice(first.length + 1) || '/' : pathname;
}

/** The same page in another language: `/ar/search` in `en` is `/en/search`, in `fr` it is `/search`. */
export function pathIn(language: Language, pathname: string): string {
	const bare = withoutLanguage(pathname);
	if (language === defaultLanguage) return bare;
	return bare === '/' ? `/${language}` : `/${language}${bare}`;
}

/** The best of our languages for an Accept-Language header; the default when it names none of them. */
export function negotiate(acceptLanguage: string | null): Language {
	const wishes = (acceptLanguage ?? '')
		.split(',')
		.map((part) => {
			const [tag = '', ...parameters] = part.trim().split(';');
			const quality = parameters.map((p) => p.trim()).find((p) => p.startsWith('q='));
			return { language: tag.trim().split('-')[0]?.toLowerCase(), quality: quality ? Number(quality.slice(2)) : 1 };
		})
		.filter(({ language, quality }) => isLanguage(language) && quality > 0)
		.sort((a, b) => b.quality - a.quality);
	return (wishes[0]?.language as Language | undefined) ?? defaultLanguage;
}
