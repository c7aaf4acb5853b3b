import { join } from 'node:path';
import { startPlatform } from '../platform.ts';
import type { Platform } from '../platform.ts';
import { freePorts } from '../ports.ts';
import { readConfig } from '../settings.ts';
import { temporaryFolder } from './folder.ts';

export { temporaryFolder };

/** The project that the contract is tried on. */
export const contractProject = join(import.meta.dirname, '../contract/project');

type Five = [number, number, number, number, number];

/**
 * A platform with the contract's project on free ports, its data in a temporary folder; `close` leaves nothing behind.
 * `hear` gets each line that a service says.
 */
export async function temporaryPlatform(hear = (_service: string, _line: string): void => {}): Promise<Platform> {
	const { path: folder, remove } = await temporaryFolder('supabase-embedded');
	const [api, db, studio, mail, smtp] = (await freePorts(5)) as Five;
	try {
		const platform = await startPlatform(
			{
				project: contractProject,
				brand: 'Example',
				folder,
				ports: { api, db, studio, mail, smtp },
				config: readConfig(contractProject),
				durable: false
			},
			hear
		);
		return {
			...platform,
			close: async () => {
				await platform.close();
				remove();
			}
		};
	} catch (error) {
		remove();
		throw error;
	}
}

/** What the contract's tests need to know of a platform, as environment variables. */
export function contractEnvironment({ context }: Platform): Record<string, string> {
	const { ports, config } = context.settings;
	return {
		SUPABASE_URL: context.apiUrl,
		SUPABASE_PUBLISHABLE_KEY: context.keys.publishable,
		SUPABASE_SECRET_KEY: context.keys.secret,
		// The server has no TLS, and clients expect it unless told otherwise.
		SUPABASE_DB_URL: `${context.databaseUrl('postgres')}?sslmode=disable`,
		SITE_URL: config.auth.site_url,
		MAIL_URL: `http://127.0.0.1:${ports.mail}`,
		SMTP_PORT: String(ports.smtp),
		IDENTITY_URL: `${context.apiUrl}/identity/v1`
	};
}
