import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Keys } from '../keys.ts';
import type { Context } from '../context.ts';

/** What the Stripe double signs its webhooks with and `stripe-webhook` checks them by: the same for one data folder. */
function stripeWebhookSecret(keys: Keys): string {
	return `whsec_${createHash('sha256').update(keys.secret).digest('hex').slice(0, 32)}`;
}

/** The project's own secrets, from `.env` beside the functions; names that the platform gives are left out, as hosted. */
function secrets(folder: string): Record<string, string> {
	const file = join(folder, '.env');
	if (!existsSync(file)) return {};
	const entries = Object.entries(parseEnv(readFileSync(file, 'utf8')));
	return Object.fromEntries(entries.filter((entry): entry is [string, string] => !entry[0].startsWith('SUPABASE_')));
}

/**
 * What a function finds in its environment: what hosted projects give, addresses of the platform's doubles, and the
 * secrets of `<folder>/.env`, which win over the latter. Nothing of the environment of the platform itself.
 */
export function functionEnvironment(context: Context, folder: string): Record<string, string> {
	const { keys, settings } = context;
	return {
		STRIPE_API_BASE: `http://127.0.0.1:${settings.ports.stripe}`,
		STRIPE_SECRET_KEY: 'sk_test_local',
		STRIPE_WEBHOOK_SECRET: stripeWebhookSecret(keys),
		SMTP_URL: `smtp://127.0.0.1:${settings.ports.smtp}`,
		SITE_URL: settings.config.auth.site_url,
		...secrets(folder),
		SUPABASE_URL: context.apiUrl,
		SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishable }),
		SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secret }),
		SUPABASE_ANON_KEY: keys.anonToken,
		SUPABASE_SERVICE_ROLE_KEY: keys.serviceToken,
		SUPABASE_DB_URL: context.databaseUrl('postgres'),
		SUPABASE_JWKS: JSON.stringify(keys.jwks)
	};
}
