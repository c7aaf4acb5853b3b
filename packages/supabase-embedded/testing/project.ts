import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient, SupabaseClientOptions } from '@supabase/supabase-js';
import { Secret, TOTP } from 'otpauth';
import postgres from 'postgres';

function required(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`Set ${name}: it is of the project that the tests run on.`);
	return value;
}

/** The project under test. Any Supabase project will do; its data in schema `public` named `contract_*` is remade. */
export const project = {
	url: required('SUPABASE_URL'),
	publishableKey: required('SUPABASE_PUBLISHABLE_KEY'),
	secretKey: required('SUPABASE_SECRET_KEY'),
	dbUrl: required('SUPABASE_DB_URL'),
	/** the project's site_url, where links in mails lead */
	siteUrl: process.env.SITE_URL ?? 'http://localhost:3000',
	/** the mail catcher's JSON API; null on a project that sends real mail, where the tests that read mail are left out */
	mailUrl: process.env.MAIL_URL ?? null,
	/** where Google's and Facebook's doubles are; null on a project that asks the real ones, where their tests are left out */
	identityUrl: process.env.IDENTITY_URL ?? null
};

/** A client of a visitor who keeps nothing between tests. */
export function visitor(options: SupabaseClientOptions<'public'> = {}): SupabaseClient {
	return createClient(project.url, project.publishableKey, {
		...options,
		auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false, ...options.auth }
	});
}

/** A client with the secret key: past all policies. */
export function service(): SupabaseClient {
	return createClient(project.url, project.secretKey, { auth: { persistSession: false, autoRefreshToken: false } });
}

/** A connection as `postgres`, as migrations have it. Close it with `end()`. */
export function database(): postgres.Sql {
	return postgres(project.dbUrl, { max: 2, onnotice: () => {} });
}

let count = 0;

/** An address nobody has used yet. */
export function newEmail(name: string): string {
	return `${name}.${Date.now().toString(36)}${(count++).toString(36)}@example.com`;
}

export const password = 'correct horse battery';

/** A confirmed account with its own signed-in client. */
export async function account(name: string): Promise<{ id: string; email: string; client: SupabaseClient }> {
	const email = newEmail(name);
	const made = await service().auth.admin.createUser({ email, password, email_confirm: true });
	if (made.error) throw made.error;
	const client = visitor();
	const signedIn = await client.auth.signInWithPassword({ email, password });
	if (signedIn.error) throw signedIn.error;
	return { id: made.data.user.id, email, client };
}

/** The code that an authenticator app shows now for a factor's secret. */
export const codeFor = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

/** Sets up a second factor and gives it: the client's session is at aal2 from then on. */
export async function secondFactor(client: SupabaseClient): Promise<{ id: string; secret: string }> {
	const { data, error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' });
	if (error) throw error;
	const proven = await client.auth.mfa.challengeAndVerify({ factorId: data.id, code: codeFor(data.totp.secret) });
	if (proven.error) throw proven.error;
	return { id: data.id, secret: data.totp.secret };
}
