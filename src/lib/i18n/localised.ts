import type { Language } from './languages.ts';

/**
 * A column that the database holds once for each language, such as name_fr, name_ar, name_en. An empty one falls back
 * to the French, which every row has; a row without a French column (a provider's `name`) falls back to the plain one.
 */
export function localised<Column extends string>(
	row: { [key in `${Column}_${Language}` | Column]?: string | null },
	column: Column,
	language: Language
): string {
	const values = row as Record<string, string | null | undefined>;
	return values[`${column}_${language}`] || values[`${column}_fr`] || values[column] || '';
}
