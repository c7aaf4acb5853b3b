import type { IntlMessageFormat } from 'intl-messageformat';
import { json, register, unwrapFunctionStore, waitLocale } from 'svelte-i18n';
import type { Language } from './languages.ts';

/** The dictionaries, one per domain. The French one is the pattern: the others have the same keys. */
interface Dictionaries {
	accounts: typeof import('./fr/accounts.json');
	admin: typeof import('./fr/admin.json');
	auth: typeof import('./fr/auth.json');
	booking: typeof import('./fr/booking.json');
	calendar: typeof import('./fr/calendar.json');
	catalogue: typeof import('./fr/catalogue.json');
	dashboard: typeof import('./fr/dashboard.json');
	common: typeof import('./fr/common.json');
	errors: typeof import('./fr/errors.json');
	home: typeof import('./fr/home.json');
	messaging: typeof import('./fr/messaging.json');
	notifications: typeof import('./fr/notifications.json');
	onboarding: typeof import('./fr/onboarding.json');
	promotions: typeof import('./fr/promotions.json');
	security: typeof import('./fr/security.json');
	team: typeof import('./fr/team.json');
	verification: typeof import('./fr/verification.json');
	waitlist: typeof import('./fr/waitlist.json');
}

export type Domain = keyof Dictionaries;

type Paths<T> = {
	[K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** The name of a message: its domain, then its path in the dictionary, e.g. `common.actions.save`. */
export type MessageKey = { [D in Domain]: `${D}.${Paths<Dictionaries[D]>}` }[Domain];

const loaders = import.meta.glob<{ default: object }>('./{fr,ar,en}/*.json');
const loading = new Map<string, Promise<void>>();
const lookup = unwrapFunctionStore(json);

/**
 * Makes the messages of some domains ready in a language. Call it in a universal `load`; what is loaded already costs
 * nothing. A browser gets only the languages and domains asked for.
 */
export async function loadMessages(language: Language, domains: readonly Domain[]): Promise<void> {
	await Promise.all(domains.map((domain) => loadDomain(language, domain)));
}

function loadDomain(language: Language, domain: Domain): Promise<void> {
	const file = `./${language}/${domain}.json`;
	let done = loading.get(file);
	if (!done) {
		register(language, async () => ({ default: { [domain]: (await loaders[file]!()).default } }));
		// Waited for in the same breath: svelte-i18n's queue is per language, and the next caller's would replace this one.
		done = waitLocale(language) as Promise<void>;
		loading.set(file, done);
		done.catch(() => loading.delete(file));
	}
	return done;
}

/** A message as dictionaries hold it: plain text, or where it has places to fill, its parts (see `precompile.ts`). */
export type MessageSource = string | Parts;
type Parts = ReturnType<IntlMessageFormat['getAst']>;

/** A message before its values are filled in, or undefined where its domain is not loaded or the key unknown. */
export function messageSource(language: Language, key: string): MessageSource | undefined {
	const found: unknown = lookup(key, language);
	return typeof found === 'string' || Array.isArray(found) ? (found as MessageSource) : undefined;
}
