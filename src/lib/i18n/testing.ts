import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { localeTags } from './languages.ts';
import type { Language } from './languages.ts';

/** Every message of a language by its key, as its files have them. */
export function messagesOf(language: Language): Map<string, string> {
	const messages = new Map<string, string>();
	const walk = (node: unknown, path: string) => {
		if (typeof node === 'string') messages.set(path, node);
		else for (const [name, child] of Object.entries(node as object)) walk(child, `${path}.${name}`);
	};
	const folder = join(import.meta.dirname, language);
	for (const file of globSync('*.json', { cwd: folder })) {
		walk(JSON.parse(readFileSync(join(folder, file), 'utf8')), file.replace('.json', ''));
	}
	return messages;
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** What a message asks for: its arguments with their kinds (`name:kind`), and the plural forms it has. */
export function shapeOf(message: string, language: Language): { args: string[]; plurals: string[][] } {
	const args = new Set<string>();
	const plurals: string[][] = [];
	const walk = (elements: Element[]) => {
		for (const element of elements) {
			if ('value' in element && element.type !== 0) args.add(`${element.value}:${element.type}`);
			if (!('options' in element)) continue;
			if (element.type === 6) plurals.push(Object.keys(element.options).filter((form) => !form.startsWith('=')));
			for (const option of Object.values(element.options)) walk(option.value);
		}
	};
	walk(new IntlMessageFormat(message, localeTags[language], undefined, { ignoreTag: true }).getAst());
	return { args: [...args].sort(), plurals };
}
