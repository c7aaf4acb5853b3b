import { redirect } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import { directionOf, isLanguage, languageOfPath, negotiate, pathIn } from './i18n/languages.ts';
import type { Language } from './i18n/languages.ts';
import { isTheme, preferenceAge, preferenceCookies, preferenceParameters } from './preferences.ts';

/** The font files that a page's language needs at once; Arabic pages take their digits and spaces from the Latin one. */
const fonts: Record<Language, string[]> = {
	fr: ['latin-wght'],
	en: ['latin-wght'],
	ar: ['arabic-wght', 'latin-wght']
};

/**
 * Settles the language and the theme of a request before anything is drawn: the language is in the path, the theme in a
 * cookie. A first visit to the bare address is led to the visitor's language; no other page redirects by itself.
 */
export const prefer: Handle = async ({ event, resolve }) => {
	const { url, cookies, request } = event;
	const language = languageOfPath(url.pathname);
	event.locals.language = language;

	if (request.method === 'GET' && !event.isDataRequest) {
		keepChoices(event);
		if (url.pathname === '/fr' || url.pathname.startsWith('/fr/')) {
			redirect(308, pathIn('fr', url.pathname) + url.search);
		}
		if (url.pathname === '/') {
			event.setHeaders({ vary: 'accept-language, cookie' });
			const chosen = cookies.get(preferenceCookies.language);
			const wished = isLanguage(chosen) ? chosen : negotiate(request.headers.get('accept-language'));
			if (wished !== language) redirect(307, pathIn(wished, '/') + url.search);
		}
	}

	const cookie = cookies.get(preferenceCookies.theme);
	const theme = isTheme(cookie) ? cookie : 'system';
	event.locals.theme = theme;

	return resolve(event, {
		transformPageChunk: ({ html }) =>
			html.replace('%lang%', language).replace('%dir%', directionOf(language)).replace('%theme%', theme),
		// Not the scripts: on a slow line they would take it from the style sheet and the pictures.
		preload: (file) =>
			file.type === 'css' ||
			(file.type === 'font' && fonts[language].some((font) => file.filename.includes(`pro-${font}`)))
	});
};

/** Stores a choice that a link carries, and leads on to the page without it. */
function keepChoices({ url, cookies }: Parameters<Handle>[0]['event']): void {
	const language = url.searchParams.get(preferenceParameters.language);
	const theme = url.searchParams.get(preferenceParameters.theme);
	if (!isLanguage(language) && !isTheme(theme)) return;

	const secure = url.protocol === 'https:';
	const options = { path: '/', maxAge: preferenceAge, sameSite: 'lax', httpOnly: false, secure } as const;
	if (isLanguage(language)) cookies.set(preferenceCookies.language, language, options);
	if (isTheme(theme)) cookies.set(preferenceCookies.theme, theme, options);

	const clean = new URL(url);
	for (const name of Object.values(preferenceParameters)) clean.searchParams.delete(name);
	const path = isLanguage(language) ? pathIn(language, clean.pathname) : clean.pathname;
	redirect(303, path + clean.search);
}
