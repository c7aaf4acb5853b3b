import { IntlMessageFormat } from 'intl-messageformat';
import { getDateFormatter, getNumberFormatter } from 'svelte-i18n';
import { minorDigits, toMajor } from '#lib/money/money.ts';
import { directionOf, localeTags } from './languages.ts';
import type { Language } from './languages.ts';
import { messageSource } from './messages.ts';
import type { MessageKey, MessageSource } from './messages.ts';

export type MessageValues = Record<string, string | number | Date>;

/** How a moment is written; see `dateStyles` for what each shows. */
export type DateStyle = keyof typeof dateStyles;

const dateStyles = {
	/** Friday 20 November 2026 */
	full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
	/** Friday 20 November */
	near: { weekday: 'long', day: 'numeric', month: 'long' },
	/** 20 November 2026 */
	long: { day: 'numeric', month: 'long', year: 'numeric' },
	/** Fri 20 Nov */
	day: { weekday: 'short', day: 'numeric', month: 'short' },
	/** November 2026 */
	month: { month: 'long', year: 'numeric' },
	/** Friday */
	weekday: { weekday: 'long' },
	/** 14:30 */
	time: { hour: '2-digit', minute: '2-digit' },
	/** Fri 20 Nov, 14:30 */
	moment: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/** One language, ready to speak: call it with a key, or format with its methods. Holds no state of any request. */
export interface I18n {
	/** The message of a key. Its domain must be loaded. Values fill the places the dictionary names. */
	(key: MessageKey, values?: MessageValues): string;
	readonly language: Language;
	readonly locale: string;
	readonly dir: 'ltr' | 'rtl';
	number(value: number, options?: Intl.NumberFormatOptions): string;
	/** An amount in minor units (centimes) with its currency; whole amounts without decimals. */
	money(minor: number, currency?: string): string;
	/**
	 * A clock time as the database gives it for a zone (`2026-11-20T14:30:00`, without offset), whatever this machine's zone
	 * data. There is no way here to show an instant: what clocks show then is not this machine's to know.
	 */
	local(local: string, style?: DateStyle): string;
	/** How far a moment is from now: "in 2 hours", "yesterday". */
	relative(instant: Date | string | number, now: Date): string;
	list(items: string[], type?: 'conjunction' | 'disjunction'): string;
}

const compiled = new Map<string, IntlMessageFormat>();
const made = new Map<Language, I18n>();

/** The one object of a language. Safe to share between requests: it never changes. */
export function i18nOf(language: Language): I18n {
	let i18n = made.get(language);
	if (!i18n) made.set(language, (i18n = create(language)));
	return i18n;
}

function create(language: Language): I18n {
	const locale = localeTags[language];

	const translate = (key: MessageKey, values?: MessageValues): string => {
		const source = messageSource(language, key);
		if (source === undefined) {
			console.error(`No message "${key}" in "${language}": is its domain loaded?`);
			return key;
		}
		return typeof source === 'string' ? source : String(compile(key, source).format(values));
	};

	const compile = (key: MessageKey, source: Exclude<MessageSource, string>): IntlMessageFormat => {
		const name = `${language} ${key}`;
		let message = compiled.get(name);
		if (!message) compiled.set(name, (message = new IntlMessageFormat(source, locale)));
		return message;
	};

	const number: I18n['number'] = (value, options = {}) => getNumberFormatter({ locale, ...options }).format(value);

	const money: I18n['money'] = (minor, currency = 'MAD') =>
		number(toMajor(minor, currency), {
			style: 'currency',
			currency,
			minimumFractionDigits: minor % 10 ** minorDigits(currency) === 0 ? 0 : minorDigits(currency),
			maximumFractionDigits: minorDigits(currency)
		});

	const local: I18n['local'] = (text, style = 'full') =>
		getDateFormatter({ locale, timeZone: 'UTC', ...dateStyles[style] }).format(new Date(`${text}Z`));

	const relative: I18n['relative'] = (instant, now) => {
		const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
		const [unit, size] = relativeUnits.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
		return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
	};

	const list: I18n['list'] = (items, type = 'conjunction') =>
		new Intl.ListFormat(locale, { style: 'long', type }).format(items);

	return Object.assign(translate, {
		language,
		locale,
		dir: directionOf(language),
		number,
		money,
		local,
		relative,
		list
	});
}

const relativeUnits: [Intl.RelativeTimeFormatUnit, number][] = [
	['year', 31_536_000],
	['month', 2_592_000],
	['week', 604_800],
	['day', 86_400],
	['hour', 3600],
	['minute', 60]
];
