/** A text as a property's value: what has a meaning there is escaped, what may not stand there is a space (RFC 5545, 3.3.11). */
export function escaped(text: string): string {
	return text
		.replace(/[\\;,]/g, '\\$&')
		.replace(/\r\n|\r|\n/g, '\\n')
		.replace(/\p{Cc}/gu, ' ');
}

/** An instant, as its value is written in UTC. */
export function instant(at: string | Date): string {
	return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** How many octets a character takes in UTF-8. */
function octetsOf(character: string): number {
	const point = character.codePointAt(0)!;
	if (point < 0x80) return 1;
	if (point < 0x800) return 2;
	return point < 0x10000 ? 3 : 4;
}

/** A line in pieces of at most 75 octets, each further one after a space; never cut inside a character (RFC 5545, 3.1). */
function folded(line: string): string {
	let answer = '';
	let octets = 0;
	for (const character of line) {
		const size = octetsOf(character);
		if (octets + size > 75) {
			answer += '\r\n ';
			octets = 1;
		}
		answer += character;
		octets += size;
	}
	return answer;
}

/** A file of these lines, each a property (`NAME:value`, texts escaped) or the begin or end of a component. */
export function icalendar(lines: string[]): string {
	return lines.map((line) => `${folded(line)}\r\n`).join('');
}
