import type { MailLink } from './accounts/mail-link.ts';
import type { Method } from './accounts/schema.ts';
import type { BookingList } from './booking/list/schema.ts';
import type { Wizard } from './booking/schema.ts';
import type { Search } from './catalogue/schema.ts';
import { pathIn } from './i18n/languages.ts';
import type { Language } from './i18n/languages.ts';
import type { Step } from './onboarding/steps.ts';
import type { TeamDeed } from './team/rules.ts';

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

/** What a person may just have done about the safety of their account. */
export const securityDeeds = [
	'factor_removed',
	'password',
	'email_asked',
	'email_half',
	'email_changed',
	'session_ended',
	'sessions_ended',
	'method_linked',
	'method_unlinked',
	'method_not_linked'
] as const;
export type SecurityDeed = (typeof securityDeeds)[number];

/** All addresses of the site in one language. */
export function routesIn(language: Language) {
	const at = (path: string, query?: Query) => withQuery(pathIn(language, path), query);
	return {
		home: () => at('/'),
		search: (query?: Partial<Search>) => at('/search', query),
		provider: (slug: string, done?: 'published') => at(`/providers/${encodeURIComponent(slug)}`, { done }),
		/** The booking wizard; `at` is an instant, written in UTC as a plus sign does not survive every mail program. */
		book: (serviceId: string, query: Partial<Wizard> = {}) =>
			at(`/book/${serviceId}`, { ...query, at: query.at && new Date(query.at).toISOString() }),
		waitlist: (serviceId: string, query: { day?: string; party?: number; session?: string } = {}) =>
			at(`/book/${serviceId}/waitlist`, query),
		bookings: (query?: Query) => at('/bookings', query),
		booking: (id: string) => at(`/bookings/${id}`),
		/** Told by browsers that its page was opened: what was notified of it is read. */
		seenBooking: (id: string) => at(`/bookings/${id}/seen`),
		guestBooking: (token: string) => at(`/b/${token}`),
		/** Where the mail leads that asks a guest to confirm; it carries the proof that the mailbox is theirs. */
		confirmBooking: (proof: string) => at(`/confirm-booking/${encodeURIComponent(proof)}`),
		/** Where a booking is moved, by the address of its page. */
		reschedule: (page: string) => `${page}/reschedule`,
		messages: (query?: Query) => at('/messages', query),
		newMessage: (providerSlug: string) => at('/messages/new', { provider: providerSlug }),
		conversation: (id: string) => at(`/messages/${id}`),
		/** What happened; `downTo` is the cursor at which the list's last page begins. */
		notifications: (downTo?: string) => at('/notifications', { downTo }),
		account: (saved?: 'profile' | 'password' | 'avatar') => at('/account', { saved }),
		/** Passwords, the second factor, sessions; `done` is what to say was done. */
		security: (done?: SecurityDeed) => at('/account/security', { done }),
		/** Where the second factor is set up, on the way to `next`; `because` a recovery code has taken the old one away. */
		authenticator: (next?: string, because?: 'recovered') => at('/account/security/authenticator', { next, because }),
		recoveryCodes: () => at('/account/security/recovery-codes'),
		changePassword: () => at('/account/security/password'),
		changeEmail: () => at('/account/security/email'),
		/** What is kept of a person: to take along, or to delete. */
		accountData: () => at('/account/data'),
		accountExport: () => at('/account/data/export'),
		farewell: () => at('/account/deleted'),
		/** Where the second factor is given, or a recovery code in its place. */
		twoFactor: (next?: string) => at('/two-factor', { next }),
		signIn: (next?: string) => at('/sign-in', { next }),
		signUp: (next?: string) => at('/sign-up', { next }),
		signInLink: (next?: string) => at('/sign-in-link', { next }),
		/** Asks whoever opened a link of a mail whether to go on. */
		confirm: (link: MailLink) => at('/confirm', { ...link }),
		/** Where name and password are chosen, once the address is proven. */
		welcome: (next?: string) => at('/welcome', { next }),
		/** Back to signing in, with what went wrong. */
		signInProblem: (problem: SignInProblem, next?: string) => at('/sign-in', { problem, next }),
		checkMail: (reason: 'sign-up' | 'reset' | 'link') => at('/check-mail', { reason }),
		forgotPassword: () => at('/forgot-password'),
		resetPassword: () => at('/reset-password'),
		dashboard: (providerSlug?: string) => at('/dashboard', { provider: providerSlug }),
		/** A provider's bookings, as its filters say; `provider` is a slug, needed where one works for several. */
		dashboardBookings: (query: BookingList & { provider?: string } = {}) => at('/dashboard/bookings', query),
		/** The same as a file. */
		bookingsExport: (query: BookingList & { provider?: string } = {}) => at('/dashboard/bookings/export.csv', query),
		dashboardBooking: (id: string) => at(`/dashboard/bookings/${id}`),
		dashboardWaitlist: (query: { provider?: string; state?: 'past' } = {}) => at('/dashboard/waitlist', query),
		promoCodes: (query: { provider?: string; done?: 'made' | 'saved' } = {}) => at('/dashboard/promo-codes', query),
		newPromoCode: (provider?: string) => at('/dashboard/promo-codes/new', { provider }),
		promoCode: (id: string) => at(`/dashboard/promo-codes/${id}`),
		/** A member's subscription for calendar programs. */
		calendarFeed: (providerSlug?: string | null, done?: 'renewed') =>
			at('/dashboard/calendar-feed', { provider: providerSlug, done }),
		team: (providerSlug?: string | null, done?: TeamDeed) => at('/dashboard/team', { provider: providerSlug, done }),
		verification: (providerSlug?: string | null, done?: 'uploaded' | 'removed' | 'requested') =>
			at('/dashboard/verification', { provider: providerSlug, done }),
		/** Opens a document of a verification. */
		document: (id: string) => at(`/dashboard/verification/${id}`),
		invitation: (token: string) => at(`/invitations/${encodeURIComponent(token)}`),
		/** Becoming a provider: the invitation to it, or a step of the guided start; `refused` is a field to look at again. */
		becomeProvider: (step?: Step, refused?: string) => at('/become-provider', { step, refused }),
		admin: () => at('/admin'),
		adminAccounts: (query?: Query) => at('/admin/accounts', query),
		/** An account; `done` is what to say was done. */
		adminAccount: (id: string, done?: string) => at(`/admin/accounts/${id}`, { done }),
		adminVerifications: (query?: Query) => at('/admin/verifications', query),
		adminVerification: (id: string, done?: string) => at(`/admin/verifications/${id}`, { done }),
		/** A document of a request for verification, as a file. */
		adminDocument: (verificationId: string, id: string) => at(`/admin/verifications/${verificationId}/documents/${id}`),
		/** Bookings by their reference. */
		adminBookings: (q?: string) => at('/admin/bookings', { q }),
		adminBooking: (id: string) => at(`/admin/bookings/${id}`),
		adminProviders: (query?: Query) => at('/admin/providers', query),
		adminProvider: (id: string, done?: string) => at(`/admin/providers/${id}`, { done }),
		adminAudit: (query?: Query) => at('/admin/audit', query)
	};
}

export type Routes = ReturnType<typeof routesIn>;

/** Addresses that have no language: machines use them, or they only pass on. */
export const endpoints = {
	signOut: '/auth/sign-out',
	confirm: '/auth/confirm',
	/** Leads to a provider's own page, and from there to `callback`. `next` also tells the language. */
	oauth: (provider: Method, next: string) => withQuery(`/auth/oauth/${provider}`, { next }),
	/** where other companies send back those who sign in with them; `next` is where to go then */
	callback: '/auth/callback',
	token: '/auth/token'
} as const;

/** The longest address to go on to, in characters as it is sent: proxies take the heads of an answer up to 4 kB. */
const longestNext = 2000;

/**
 * Where to go after a detour, if the wish stays on this site: a path, or an address of this origin. Anything else gives
 * null, so that a crafted link cannot send people away.
 */
export function safeNext(wish: string | null | undefined, origin: string): string | null {
	if (!wish || !URL.canParse(wish, origin)) return null;
	const url = new URL(wish, origin);
	if (url.origin !== origin || url.pathname.startsWith('//')) return null;
	const next = url.pathname + url.search + url.hash;
	return next.length > longestNext ? null : next;
}

/** A page as the wish of where to come back to, without the action that was asked of it; none where that is too long. */
export function backTo({ pathname, searchParams }: URL): string | undefined {
	const query = [...searchParams].filter(([name]) => !name.startsWith('/'));
	const back = query.length > 0 ? `${pathname}?${new URLSearchParams(query)}` : pathname;
	return back.length > longestNext ? undefined : back;
}
