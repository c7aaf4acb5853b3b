import postgres from 'postgres';
import { RestError } from './errors.ts';

/** Rows of one statement; every value as the text that Postgres sent. */
export type Rows = Record<string, string | null>[];

export interface Pool {
	/**
	 * Runs statements in one round trip and one transaction: all or nothing. `repeatable` ones are tried again when the
	 * connection is lost under them. Raises postgres.js's errors for what the database refused, RestError 503 or 504 when
	 * there is no database or no free connection for too long.
	 */
	run(statements: string, repeatable: boolean): Promise<Rows[]>;
	close(): Promise<void>;
}

/** How long a request waits for a database that is coming back, and for a free connection; milliseconds. */
const patience = 5_000;
const queueing = 10_000;

/** The server never got, or refused to begin, what was sent: trying again cannot do anything twice. */
const unsent = new Set(['ECONNREFUSED', 'CONNECT_TIMEOUT', '57P03', '53300']);
const lost = new Set([
	'CONNECTION_CLOSED',
	'CONNECTION_ENDED',
	'CONNECTION_DESTROYED',
	'ECONNRESET',
	'EPIPE',
	'57P01',
	'57P02',
	'08006'
]);

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Values stay the texts that Postgres sent. */
const asText = {
	to: 25,
	from: [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 1700, 3802],
	serialize: String,
	parse: (text: string) => text
};

/** A pool of connections of the login role `authenticator`. */
export function createPool(url: string, size: number): Pool {
	const sql = postgres(url, {
		max: size,
		fetch_types: false,
		prepare: false,
		connect_timeout: 5,
		max_lifetime: 30 * 60,
		backoff: () => 0.1,
		types: { text: asText },
		onnotice: () => {},
		connection: { application_name: 'postgrest' }
	});

	// A queue of our own: postgres.js would line queries up behind a slow one on the same connection.
	let free = size;
	const waiting: { take(): void; expires: NodeJS.Timeout }[] = [];

	const acquire = (): Promise<void> => {
		if (free > 0) {
			free--;
			return Promise.resolve();
		}
		return new Promise((resolve, reject) => {
			const place = {
				take: resolve,
				expires: setTimeout(() => {
					waiting.splice(waiting.indexOf(place), 1);
					reject(new RestError(504, 'PGRST003', 'Timed out acquiring connection from connection pool.'));
				}, queueing)
			};
			waiting.push(place);
		});
	};
	const release = () => {
		const next = waiting.shift();
		if (next) {
			clearTimeout(next.expires);
			next.take();
		} else {
			free++;
		}
	};

	const attempt = async (statements: string): Promise<Rows[]> => {
		const result = await sql.unsafe(statements);
		return (Array.isArray(result[0]) ? result : [result]) as unknown as Rows[];
	};

	return {
		run: async (statements, repeatable) => {
			await acquire();
			try {
				for (const started = Date.now(); ;) {
					try {
						return await attempt(statements);
					} catch (error) {
						const code = (error as { code?: string }).code ?? '';
						const again = unsent.has(code) || (repeatable && lost.has(code));
						if (!again && !lost.has(code)) throw error;
						if (!again || Date.now() - started > patience) {
							throw unsent.has(code)
								? new RestError(
										503,
										'PGRST000',
										'Database connection error. Retrying the connection.',
										(error as Error).message
									)
								: new RestError(
										503,
										'PGRST001',
										'Database client error. Retrying the connection.',
										(error as Error).message
									);
						}
						await pause(100);
					}
				}
			} finally {
				release();
			}
		},
		close: () => sql.end({ timeout: 1 })
	};
}
