import type { Keys } from '../keys.ts';
import type { Configuration } from './configuration.ts';
import type { Limits } from './limits.ts';
import type { Mailer } from './mail/mailer.ts';
import type { Provider } from './providers/provider.ts';
import type { Database } from './request.ts';

/** What every endpoint of the service works with. */
export interface Auth {
	/** http://127.0.0.1:<api port>/auth/v1, also the issuer of access tokens */
	url: string;
	database: Database;
	/** Runs in one transaction; what it raises undoes it. */
	transaction<T>(work: (database: Database) => Promise<T>): Promise<T>;
	configuration: Configuration;
	keys: Keys;
	mailer: Mailer;
	/** those that are enabled, by name */
	providers: Map<string, Provider>;
	limits: Limits;
	log(line: string): void;
}
