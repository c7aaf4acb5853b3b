function trigrams(word: string): Set<string> {
	const padded = `  ${word.toLowerCase()} `;
	return new Set(Array.from({ length: padded.length - 2 }, (_, index) => padded.slice(index, index + 3)));
}

/** The name most like `word`, for a hint; null when none is near. */
export function closest(word: string, names: Iterable<string>): string | null {
	const wanted = trigrams(word);
	let best: string | null = null;
	let score = 0.3;
	for (const name of names) {
		const have = trigrams(name);
		const shared = [...wanted].filter((trigram) => have.has(trigram)).length;
		const likeness = shared / (wanted.size + have.size - shared);
		if (likeness > score) [best, score] = [name, likeness];
	}
	return best;
}
