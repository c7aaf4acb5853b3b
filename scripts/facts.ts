import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import { root } from './settings.ts';

interface Account {
	role: string;
	email: string;
	password: string;
}

/** What a person or a test needs to know of a running backend. */
export interface Facts {
	SITE_URL: string;
	API_URL: string;
	DB_URL: string;
	STUDIO_URL: string;
	MAIL_URL: string;
	STRIPE_URL: string;
	PUBLISHABLE_KEY: string;
	SECRET_KEY: string;
	DEMO_ACCOUNTS: Account[];
}

/** The accounts that the seed makes. */
function demoAccounts(): Account[] {
	const file = join(root, 'supabase/seed/accounts.json');
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Account[]) : [];
}

export function factsOf({ settings, apiUrl, keys, databaseUrl }: Backend): Facts {
	const at = (port: number) => `http://127.0.0.1:${port}`;
	return {
		SITE_URL: `http://localhost:${settings.ports.site}`,
		API_URL: apiUrl,
		// The server has no TLS, and the Supabase CLI expects it unless told otherwise.
		DB_URL: `${databaseUrl('postgres')}?sslmode=disable`,
		STUDIO_URL: at(settings.ports.studio),
		MAIL_URL: at(settings.ports.mail),
		STRIPE_URL: at(settings.ports.stripe),
		PUBLISHABLE_KEY: keys.publishable,
		SECRET_KEY: keys.secret,
		DEMO_ACCOUNTS: demoAccounts()
	};
}

/** The facts as a table to read. */
export function table(facts: Facts): string {
	const addresses: [string, string][] = [
		['Site', facts.SITE_URL],
		['API', facts.API_URL],
		['Database', facts.DB_URL],
		['Studio', facts.STUDIO_URL],
		['Mail', facts.MAIL_URL],
		['Stripe double', facts.STRIPE_URL]
	];
	const longest = Math.max(0, ...facts.DEMO_ACCOUNTS.map(({ email }) => email.length));
	const accounts = facts.DEMO_ACCOUNTS.map(({ role, email, password }): [string, string] => [
		role.replaceAll('_', ' '),
		`${email.padEnd(longest)}  ${password}`
	]);
	const width = Math.max(...[...addresses, ...accounts].map(([name]) => name.length)) + 2;
	const lines = (rows: [string, string][]) => rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
	return [...lines(addresses), ...(accounts.length > 0 ? ['', '  Demo accounts', ...lines(accounts)] : [])].join('\n');
}
