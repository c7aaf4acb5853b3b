import { clientAddress } from './client.ts';
import { AuthError } from './errors.ts';
import type { AuthRequest } from './request.ts';

/** `[auth.rate_limit]`: how much one address may ask for, and how many mails the project sends. */
export interface Rates {
	/** mails in an hour, of the whole project */
	emailSent: number;
	/** anonymous sign-ins in an hour */
	anonymousUsers: number;
	/** sign-ins and refreshes in five minutes */
	tokenRefresh: number;
	/** sign-ups, links and codes asked for, and changes of an account, in five minutes; each counted apart */
	signInSignUps: number;
	/** links and codes tried in five minutes */
	tokenVerifications: number;
	/** challenges of second factors, and answers to them, in a minute; each counted apart */
	factors: number;
}

/** Requests of one kind that an address may make at once, whatever its rate. */
const burst = 30;

interface Bucket {
	left: number;
	at: number;
}

/**
 * A bucket for each address, which holds `size` requests and fills at `perSecond`. An address that has been quiet for as
 * long as its bucket takes to fill is forgotten.
 */
export function createLimiter(perSecond: number, size: number): (address: string, now: number) => boolean {
	const buckets = new Map<string, Bucket>();
	const fillTime = (size / perSecond) * 1000;
	return (address, now) => {
		const bucket = buckets.get(address) ?? { left: size, at: now };
		const left = Math.min(size, bucket.left + ((now - bucket.at) / 1000) * perSecond);
		const allowed = left >= 1;
		// Last used, last in the map: the first are the quiet ones.
		buckets.delete(address);
		buckets.set(address, { left: allowed ? left - 1 : left, at: now });
		for (const [quiet, { at }] of buckets) {
			if (now - at <= fillTime) break;
			buckets.delete(quiet);
		}
		return allowed;
	};
}

/** So many events in each hour that follows on another. */
export function createHourly(most: number, start: number): (now: number) => boolean {
	const hour = 3_600_000;
	let count = 0;
	let current = 0;
	return (now) => {
		const index = Math.floor((now - start) / hour);
		if (index !== current) [current, count] = [index, 0];
		if (count >= most) return false;
		count++;
		return true;
	};
}

const kinds = {
	token: 'tokenRefresh',
	verify: 'tokenVerifications',
	signup: 'signInSignUps',
	recover: 'signInSignUps',
	resend: 'signInSignUps',
	magiclink: 'signInSignUps',
	otp: 'signInSignUps',
	user: 'signInSignUps'
} as const satisfies Record<string, keyof Rates>;

export type LimitedKind = keyof typeof kinds | 'anonymous' | 'factorChallenge' | 'factorVerify';

export interface Limits {
	/** @throws AuthError over_request_rate_limit (429) when the caller's address has asked too often */
	request(kind: LimitedKind, request: AuthRequest): void;
	/** @throws AuthError over_email_send_rate_limit (429) when the project has sent its mails of the hour */
	email(): void;
}

export function createLimits(rates: Rates): Limits {
	const limiters = Object.fromEntries([
		...Object.entries(kinds).map(([kind, rate]) => [kind, createLimiter(rates[rate] / 300, burst)]),
		['anonymous', createLimiter(rates.anonymousUsers / 3600, rates.anonymousUsers)],
		['factorChallenge', createLimiter(rates.factors / 60, burst)],
		['factorVerify', createLimiter(rates.factors / 60, burst)]
	]) as Record<LimitedKind, ReturnType<typeof createLimiter>>;
	const hourly = createHourly(rates.emailSent, Date.now());
	return {
		request: (kind, request) => {
			if (!limiters[kind](clientAddress(request), Date.now()))
				throw new AuthError(429, 'over_request_rate_limit', 'Request rate limit reached');
		},
		email: () => {
			if (!hourly(Date.now())) throw new AuthError(429, 'over_email_send_rate_limit', 'email rate limit exceeded');
		}
	};
}
