import { describe, expect, test } from 'vitest';
import { languages, localeTags } from './languages.ts';
import { messagesOf, shapeOf } from './testing.ts';

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
