import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Context } from '../context.ts';

/** The project's own secrets, from `.env` beside the functions; names that the platform gives are left out, as hosted. */
function secrets(folder: string): Record<string, string> {
	const file = join(folder, '.env');
	if (!existsSync(file)) return {};
	const entries = Object.entries(parseEnv(readFileSync(file, 'utf8')));
	return Object.fromEntries(entries.filter((entry): entry is [string, string] => !entry[0].startsWith('SUPABASE_')));
}

/**
 * What a function finds in its environment: what hosted projects give, where the mail catcher and the site are, what the
 * project's settings add, and the secrets of `<folder>/.env`, which win over these. Nothing of the environment of the
 * platform itself.
 */
export function functionEnvironment(context: Context, folder: string): Record<string, string> {
	const { keys, settings } = context;
	return {
		SMTP_URL: `smtp://127.0.0.1:${settings.ports.smtp}`,
		SITE_URL: settings.config.auth.site_url,
		...settings.functionEnvironment?.(keys),
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
