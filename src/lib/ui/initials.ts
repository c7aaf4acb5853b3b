/** First letters of the first and last word of a name; one letter in Arabic, where two would join into a false word. */
export function initialsOf(name: string): string {
	const words = name.trim().split(/\s+/).filter(Boolean);
	const first = [...(words[0] ?? '')][0] ?? '';
	if (/\p{Script=Arabic}/u.test(first)) return first;
	const last = words.length > 1 ? ([...words.at(-1)!][0] ?? '') : '';
	return (first + last).toUpperCase();
}
