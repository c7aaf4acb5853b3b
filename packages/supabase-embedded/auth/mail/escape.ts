const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Text as it stands in markup or in a quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** The reverse, for a subject line, which is no markup. */
export function unescapeHtml(text: string): string {
	return Object.entries(entities).reduceRight((left, [character, entity]) => left.replaceAll(entity, character), text);
}
