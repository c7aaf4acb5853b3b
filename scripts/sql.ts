/** What breaks a rule of ours in a file of SQL: in which line, and what. */
export interface SqlFault {
	/** counted from 1 */
	line: number;
	fault: string;
}

const longestLine = 120;

/** Postgres cuts longer names off without a word (NAMEDATALEN): two that differ behind it would be one. */
const longestName = 63;

// A text for people, or a pattern: what stands in one literal is not broken for the width of a screen.
const literal = /^\s*E?'.*'[,;)]*$/;
const comment = /^\s*--/;
const definition = /^create (?:or replace )?function (?:\w+\.)?(\w+)/;
const name = /"([^"]+)"|\b\w+\b/g;

/** The names in a line of code, without its texts. */
function namesIn(line: string): string[] {
	if (comment.test(line)) return [];
	return [...line.replace(/'[^']*'/g, "''").matchAll(name)].map((match) => match[1] ?? match[0]);
}

/**
 * What breaks the rules of the schema's sources: lines of more than 120 characters, names of more than 63 bytes, and
 * functions without a comment above them. A function shares the comment of its namesake in the same file: the one that
 * does the work in `private` and its face in `public` are told once, and so are overloads.
 */
export function sqlFaults(source: string): SqlFault[] {
	const lines = source.split('\n');
	const told = new Set<string>();
	const untold: { line: number; name: string }[] = [];
	const faults: SqlFault[] = [];
	for (const [index, line] of lines.entries()) {
		const number = index + 1;
		if (line.length > longestLine && !literal.test(line)) {
			faults.push({ line: number, fault: `${line.length} characters, more than ${longestLine}` });
		}
		for (const long of namesIn(line).filter((one) => Buffer.byteLength(one) > longestName)) {
			faults.push({ line: number, fault: `the name "${long}" is cut off at ${longestName} bytes` });
		}
		const defined = definition.exec(line)?.[1];
		if (defined === undefined) continue;
		if (comment.test(lines[index - 1] ?? '')) told.add(defined);
		else untold.push({ line: number, name: defined });
	}
	return [
		...faults,
		...untold
			.filter((one) => !told.has(one.name))
			.map((one) => ({ line: one.line, fault: `no comment says what ${one.name} does` }))
	].toSorted((a, b) => a.line - b.line);
}
