import { freePorts } from 'supabase-embedded';
import type { Context } from 'supabase-embedded';
import { temporaryFolder } from 'supabase-embedded/temporary';
import { startBackend } from './backend.ts';
import type { Backend } from './backend.ts';
import { factsOf } from './facts.ts';
import { configFor } from './settings.ts';

type Seven = [number, number, number, number, number, number, number];

/** Hands on each line that a service says; with VERBOSE it is shown too. */
export function aloud(hear: Context['log']): Context['log'] {
	return (service, line) => {
		if (process.env.VERBOSE) console.error(`[${service}] ${line}`);
		hear(service, line);
	};
}

/**
 * A backend on free ports with data in a temporary folder; `close` leaves nothing behind, and neither does an early end.
 * `hear` gets each line that a service says.
 */
export async function temporaryBackend(hear = (_service: string, _line: string): void => {}): Promise<Backend> {
	const { path: folder, remove } = await temporaryFolder('khadamat-test');
	const [api, db, studio, mail, smtp, stripe, site] = (await freePorts(7)) as Seven;
	const config = configFor(site);
	// Tests do from one address what thousands of people do from theirs.
	config.auth.rate_limit = {
		email_sent: 1_000_000,
		anonymous_users: 1_000_000,
		token_refresh: 1_000_000,
		sign_in_sign_ups: 1_000_000,
		token_verifications: 3000,
		mfa_challenge_and_verify: 1_000_000
	};
	config.auth.email.max_frequency = '1s';
	const settings = {
		folder,
		ports: { api, db, studio, mail, smtp, stripe, site },
		config,
		durable: false
	};
	try {
		const backend = await startBackend(settings, aloud(hear));
		return {
			...backend,
			close: async () => {
				await backend.close();
				remove();
			}
		};
	} catch (error) {
		remove();
		throw error;
	}
}

/** What tests need to know of a backend, as environment variables. */
export function testEnvironment(backend: Backend): Record<string, string> {
	const facts = factsOf(backend);
	return {
		SUPABASE_URL: facts.API_URL,
		SUPABASE_PUBLISHABLE_KEY: facts.PUBLISHABLE_KEY,
		SUPABASE_SECRET_KEY: facts.SECRET_KEY,
		SUPABASE_DB_URL: facts.DB_URL,
		SITE_URL: facts.SITE_URL,
		MAIL_URL: facts.MAIL_URL,
		SMTP_PORT: String(backend.settings.ports.smtp),
		STRIPE_URL: facts.STRIPE_URL,
		IDENTITY_URL: `${facts.API_URL}/identity/v1`
	};
}
