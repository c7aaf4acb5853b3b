import type { Keys } from './keys.ts';
import type { Settings } from './settings.ts';

/** What every service is made with. */
export interface Context {
	settings: Settings;
	keys: Keys;
	/** http://127.0.0.1:<api port> */
	apiUrl: string;
	/** address of the database as one of its login roles */
	databaseUrl(
		role: 'postgres' | 'supabase_admin' | 'authenticator' | 'supabase_auth_admin' | 'supabase_storage_admin'
	): string;
	/** folder of this platform's data in which a service may keep files of its own */
	folder(name: string): string;
	/** one line about something worth knowing; never personal data */
	log(service: string, line: string): void;
}
