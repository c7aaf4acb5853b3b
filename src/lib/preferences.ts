/** How the site looks: as the device says, or as chosen. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function isTheme(value: unknown): value is Theme {
	return themes.includes(value as Theme);
}

/** Cookies that keep a visitor's choices. They are no secret: the theme switch writes its own without a round trip. */
export const preferenceCookies = { language: 'language', theme: 'theme' } as const;

/** Parameters that set a choice: a plain link does it, with or without JavaScript. */
export const preferenceParameters = { language: 'set-language', theme: 'set-theme' } as const;

export const preferenceAge = 365 * 24 * 3600;

/** A link to this page that sets a choice. */
export function choosing(
	name: keyof typeof preferenceParameters,
	value: string,
	{ pathname, search }: Pick<URL, 'pathname' | 'search'>
): string {
	const query = new URLSearchParams(search);
	query.set(preferenceParameters[name], value);
	return `${pathname}?${query}`;
}
