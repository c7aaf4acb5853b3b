import type { Wizard } from './booking/schema.ts';
import type { Search } from './catalogue/schema.ts';
import { pathIn } from './i18n/languages.ts';
import type { Language } from './i18n/languages.ts';

/** Whom people may sign in through; each is enabled in `[auth.external]` of the Supabase project. */
export const oauthProviders = ['google', 'facebook'] as const;
export type OAuthProvider = (typeof oauthProviders)[number];

/** Why a detour to sign in did not end well; each has its sentence on the page. */
export const signInProblems = ['link_expired', 'refused', 'unverified', 'suspended', 'closed', 'failed'] as const;
export type SignInProblem = (typeof signInProblems)[number];

type Value = string | number | boolean | null | undefined;
type Query = Record<string, Value | readonly Value[]>;

/** A path with those parameters that have a value; a list gives its parameter several times. */
export function withQuery(path: string, query: Query = {}): string {
	const given = Object.entries(query)
		.flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const))
		.filter(([, value]) => value !== undefined && value !== null && value !== '');
	if (given.length === 0) return path;
	return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** All addresses of the site in one language. */
export function routesIn(language: Language) {
	const at = (path: string, query?: Query) => withQuery(pathIn(language, path), query);
	return {
		home: () => at('/'),
		search: (query?: Partial<Search>) => at('/search', query),
		provider: (slug: string) => at(`/providers/${encodeURIComponent(slug)}`),
		/** The booking wizard; `at` is an instant, written in UTC as a plus sign does not survive every mail program. */
		book: (serviceId: string, query: Partial<Wizard> = {}) =>
			at(`/book/${serviceId}`, { ...query, at: query.at && new Date(query.at).toISOString() }),
		waitlist: (serviceId: string, query: { day?: string; party?: number; session?: string } = {}) =>
			at(`/book/${serviceId}/waitlist`, query),
		bookings: () => at('/bookings'),
		booking: (id: string) => at(`/bookings/${id}`),
		guestBooking: (token: string) => at(`/b/${token}`),
		/** Where a booking is moved, by the address of its page. */
		reschedule: (page: string) => `${page}/reschedule`,
		messages: () => at('/messages'),
		newMessage: (providerSlug: string) => at('/messages/new', { provider: providerSlug }),
		conversation: (id: string) => at(`/messages/${id}`),
		/** What happened; `downTo` is the cursor at which the list's last page begins. */
		notifications: (downTo?: string) => at('/notifications', { downTo }),
		account: (saved?: 'profile' | 'password') => at('/account', { saved }),
		signIn: (next?: string) => at('/sign-in', { next }),
		signUp: (next?: string) => at('/sign-up', { next }),
		signInLink: (next?: string) => at('/sign-in-link', { next }),
		/** Back to signing in, with what went wrong. */
		signInProblem: (problem: SignInProblem, next?: string) => at('/sign-in', { problem, next }),
		checkMail: (reason: 'sign-up' | 'reset' | 'link') => at('/check-mail', { reason }),
		forgotPassword: () => at('/forgot-password'),
		resetPassword: () => at('/reset-password'),
		dashboard: (providerSlug?: string) => at('/dashboard', { provider: providerSlug }),
		dashboardBooking: (id: string) => at(`/dashboard/bookings/${id}`),
		/** A member's subscription for calendar programs. */
		calendarFeed: (providerSlug?: string | null, done?: 'renewed') =>
			at('/dashboard/calendar-feed', { provider: providerSlug, done }),
		admin: () => at('/admin')
	};
}

export type Routes = ReturnType<typeof routesIn>;

/** Addresses that have no language: machines use them, or they only pass on. */
export const endpoints = {
	signOut: '/auth/sign-out',
	confirm: '/auth/confirm',
	token: '/auth/token',
	/** Leads to a provider's own page, and from there to `callback`. `next` also tells the language. */
	oauth: (provider: OAuthProvider, next: string) => withQuery(`/auth/oauth/${provider}`, { next }),
	callback: (next: string) => withQuery('/auth/callback', { next })
} as const;

/**
 * Where to go after a detour, if the wish stays on this site: a path, or an address of this origin. Anything else gives
 * null, so that a crafted link cannot send people away.
 */
export function safeNext(wish: string | null | undefined, origin: string): string | null {
	if (!wish || !URL.canParse(wish, origin)) return null;
	const url = new URL(wish, origin);
	if (url.origin !== origin || url.pathname.startsWith('//')) return null;
	return url.pathname + url.search + url.hash;
}
