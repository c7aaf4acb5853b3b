import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messagesOf, shapeOf } from './testing.ts';

const src = join(import.meta.dirname, '../..');

/** Every French message by its key; the other languages have the same. */
const messages = messagesOf('fr');
const domains = new Set([...messages.keys()].map((key) => key.split('.')[0]!));

/** What may say a key: all code of the site but its tests. */
const sources = globSync('**/*.{ts,svelte}', { cwd: src, exclude: (path) => String(path).endsWith('.test.ts') }).map(
	(file) => ({ file: join('src', file), code: readFileSync(join(src, file), 'utf8') })
);

test('every message is said somewhere', () => {
	const exact = new Set<string>();
	const patterns = new Set<string>();
	for (const { code } of sources) {
		for (const [, literal] of code.matchAll(/['"]((?:\w+\.)+\w+)['"]/g)) exact.add(literal!);
		for (const [, literal] of code.matchAll(/`((?:[\w.]|\$\{[^`}]*\})+)`/g)) {
			if (!domains.has(literal!.split('.')[0]!)) continue;
			if (literal!.includes('${'))
				patterns.add(literal!.replace(/\$\{[^}]*\}/g, '[\\w.]+').replaceAll(/\.(?!\])/g, '\\.'));
			else exact.add(literal!);
		}
	}
	const known = [...patterns].map((pattern) => new RegExp(`^${pattern}$`));
	const unsaid = [...messages.keys()].filter((key) => !exact.has(key) && !known.some((pattern) => pattern.test(key)));
	expect(unsaid).toEqual([]);
});

/** The names of the values that a message asks for. */
const argumentsOf = (message: string) => shapeOf(message, 'fr').args.map((arg) => arg.split(':')[0]!);

/** The names in an object literal that begins with code's first sign; null where it spreads others in. */
function namesIn(code: string): Set<string> | null {
	const names = new Set<string>();
	let depth = 0;
	let expecting = false;
	for (const [token] of code.matchAll(/[{}()[\],]|\.\.\.|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[\w$]+|[^\s\w]/g)) {
		if ('{(['.includes(token)) {
			depth++;
			expecting = depth === 1;
			continue;
		}
		if ('})]'.includes(token) && --depth === 0) return names;
		if (depth === 1 && expecting && token === '...') return null;
		if (depth === 1 && expecting && /^\w/.test(token)) names.add(token);
		expecting = depth === 1 && token === ',';
	}
	return names;
}

test('whoever says a message gives the values that it asks for', () => {
	const missing: string[] = [];
	for (const { file, code } of sources) {
		for (const call of code.matchAll(/\bt\(\s*'([\w.]+)'\s*(\)|,\s*(?=\{))/g)) {
			const [, key, next] = call as unknown as [string, string, string];
			const wanted = argumentsOf(messages.get(key) ?? '');
			const given = next === ')' ? new Set<string>() : namesIn(code.slice(call.index + call[0].length));
			for (const name of wanted) if (given && !given.has(name)) missing.push(`${file}: ${key} asks for ${name}`);
		}
	}
	expect(missing).toEqual([]);
});
