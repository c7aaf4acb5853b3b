/** Words for a button that shows a number: they hold the number too, also where a language says "one person" without it. */
export function counted(shown: string, words: string): string {
	return words.includes(shown) ? words : `${shown} (${words})`;
}
