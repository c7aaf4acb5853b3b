import { readdirSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { languages, localeTags } from './languages.ts';
import type { Language } from './languages.ts';

/** Every message of a language, by domain and path. */
function messagesOf(language: Language): Map<string, string> {
	const messages = new Map<string, string>();
	const walk = (node: unknown, path: string) => {
		if (typeof node === 'string') messages.set(path, node);
		else for (const [name, child] of Object.entries(node as object)) walk(child, `${path}.${name}`);
	};
	const folder = `${import.meta.dirname}/${language}`;
	for (const file of readdirSync(folder)) {
		walk(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')), file.replace('.json', ''));
	}
	return messages;
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** What a message asks for: its arguments with their kinds, and the plural forms it has. */
function shapeOf(message: string, language: Language) {
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

const pattern = messagesOf('fr');

describe.each(languages)('the dictionaries in %s', (language) => {
	const messages = messagesOf(language);

	test('have the keys of the French ones, no more and no less', () => {
		expect([...messages.keys()].sort()).toEqual([...pattern.keys()].sort());
	});

	test('have no empty message', () => {
		expect([...messages].filter(([, message]) => !message.trim())).toEqual([]);
	});

	test('ask for the same values as the French ones', () => {
		for (const [key, message] of messages) {
			expect({ key, args: shapeOf(message, language).args }).toEqual({
				key,
				args: shapeOf(pattern.get(key)!, 'fr').args
			});
		}
	});

	test('have every plural form of the language', () => {
		const forms = new Intl.PluralRules(localeTags[language]).resolvedOptions().pluralCategories;
		for (const [key, message] of messages) {
			for (const plural of shapeOf(message, language).plurals) {
				expect({ key, plural: plural.sort() }).toEqual({ key, plural: [...forms].sort() });
			}
		}
	});
});

test('French puts a no-break space before a colon, a semicolon and an exclamation or question mark', () => {
	expect([...pattern].filter(([, message]) => / [:;!?»]/.test(message))).toEqual([]);
});
