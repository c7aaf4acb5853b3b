import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Someone with an account at the provider. */
export interface Person {
	/** the provider's lasting number for them */
	id: string;
	email: string;
	name: string;
	/** the provider has made sure that the address is theirs */
	verified: boolean;
}

/** What a site asks for when it sends someone: the parameters of OAuth and OpenID Connect. */
export interface Demand {
	client_id: string;
	redirect_uri: string;
	response_type: string;
	state: string;
	scope: string;
	nonce: string;
	code_challenge: string;
	code_challenge_method: string;
	prompt: string;
}

interface Grant {
	person: Person;
	demand: Demand;
	/** ms since 1970 */
	until: number;
	/** the access token that the code was traded for */
	token?: string;
}

const codeLifetime = 60_000;
/** How long an access token holds, in seconds. */
export const tokenLifetime = 3599;

const secret = () => randomBytes(24).toString('base64url');

function same(a: string, b: string): boolean {
	const [x, y] = [Buffer.from(a), Buffer.from(b)];
	return x.length === y.length && timingSafeEqual(x, y);
}

function proves(verifier: string, { code_challenge, code_challenge_method }: Demand): boolean {
	if (code_challenge === '') return true;
	const plain = code_challenge_method === 'plain';
	return same(plain ? verifier : createHash('sha256').update(verifier).digest('base64url'), code_challenge);
}

/** The number that stands for a person for as long as they keep their address. */
export function personId(provider: string, email: string): string {
	const digest = createHash('sha256').update(`${provider} ${email.toLowerCase()}`).digest('hex');
	return `1${BigInt(`0x${digest.slice(0, 20)}`)
		.toString()
		.padStart(20, '0')
		.slice(0, 20)}`;
}

/** What people agreed to at one provider. Kept in memory: who was asked before a restart is asked again. */
export class Grants {
	readonly #codes = new Map<string, Grant>();
	readonly #tokens = new Map<string, Grant>();
	readonly #people = new Map<string, Person>();

	/** Those who were here before, latest first. */
	people(): Person[] {
		return [...this.#people.values()].reverse();
	}

	/** A code for what a person agreed to. */
	agree(person: Person, demand: Demand): string {
		this.#people.delete(person.id);
		this.#people.set(person.id, person);
		this.#forget();
		const code = `4/${secret()}`;
		this.#codes.set(code, { person, demand, until: Date.now() + codeLifetime });
		return code;
	}

	/**
	 * Trades a code for an access token. It works once: tried again, it takes the token of the first time with it.
	 * Null when it does not hold, was for another client or address, or its verifier is wrong.
	 */
	trade(
		code: string,
		given: { clientId: string; redirectUri: string; verifier: string }
	): { person: Person; demand: Demand; token: string } | null {
		const grant = this.#codes.get(code);
		if (!grant || grant.until < Date.now()) return null;
		if (grant.token) {
			this.#tokens.delete(grant.token);
			return null;
		}
		const { person, demand } = grant;
		if (demand.client_id !== given.clientId || demand.redirect_uri !== given.redirectUri) return null;
		if (!proves(given.verifier, demand)) return null;
		grant.token = `ya29.${secret()}`;
		this.#tokens.set(grant.token, { person, demand, until: Date.now() + tokenLifetime * 1000 });
		return { person, demand, token: grant.token };
	}

	/** Whose access token it is; null for one that does not hold. */
	bearer(token: string): Person | null {
		const grant = this.#tokens.get(token);
		return grant && grant.until > Date.now() ? grant.person : null;
	}

	#forget(): void {
		for (const kept of [this.#codes, this.#tokens]) {
			for (const [key, { until }] of kept) if (until < Date.now()) kept.delete(key);
		}
	}
}
