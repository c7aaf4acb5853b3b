/** What is not to be seen; joiners and direction marks are part of some scripts, and stay within a name. */
const hidden =
	/\u034F|\u17B4|\u17B5|[\u180B-\u180F]|[\uFE00-\uFE0F]|[\u00AD\u061C\u115F\u1160\u200B-\u200F\u2060-\u2065\u2800\u3164\uFEFF\uFFA0\uFFF0-\uFFF8\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}]/gu;
/** What controls the text around it: line breaks, bidirectional overrides, invisible tags. */
const controls =
	// eslint-disable-next-line no-control-regex
	/[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u206F\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/u;
const space = String.raw`\s\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000`;
/** A sign of a word: not a space, no mark of punctuation that ends an address. */
const sign = String.raw`[^\u0000-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A0\u2000-\u206F\u3000-\u3002\uFF61]`;
/** Initials and titles written without a space ("M.Alami", "J.R.Tolkien"), unless what follows is the end of an address. */
const titled = new RegExp(
	String.raw`(^|[${space}-])((${sign}|dr|pr|mr|mme|mlle|mrs|ms|st|ste|ing|prof)\.)+` +
		String.raw`(?!(com|net|org|info|biz|app|dev|xyz|top|site|online|shop|store|club|link|live|click|pro)([${space}]|$))` +
		String.raw`${sign}{3,}(?=[${space}]|$)`,
	'gu'
);
const address = new RegExp(
	String.raw`://|//[^${space}]|(^|[^a-z])www\.|(^|[^a-z])(mailto|tel|sms|javascript|data|https?|ftp):|[^${space}]@[^${space}]` +
		String.raw`|[0-9]+(\.[0-9]+){3}|${sign}\.(?=${sign}*[^0-9])${sign}{2,}`,
	'u'
);

/**
 * True for a name of a person or a business that may be stored: nothing that controls the text around it, something to
 * see, and no web address, as we write names into mails. The database asks the same (private.name_ok) of what browsers send
 * it; both are tried with the cases of names.json.
 */
export function nameIsFine(name: string): boolean {
	if (controls.test(name)) return false;
	const folded = name.replace(hidden, '').normalize('NFKC').toLowerCase();
	if (!new RegExp(`[^${space}]`, 'u').test(folded)) return false;
	return !address.test(folded.replaceAll('。', '.').replace(titled, ' '));
}
