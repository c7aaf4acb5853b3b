import postgres from 'postgres';

/** Why the database could not answer, by the name clients know it. */
export type DatabaseCode = 'MissingPartition' | 'QueryCanceled' | 'UnableToConnectToProject';

/** The database did not give an answer: nothing is known about anybody's rights. */
export class DatabaseUnavailable extends Error {
	readonly code: DatabaseCode;

	constructor(code: DatabaseCode, message: string) {
		super(message);
		this.code = code;
	}
}

/** Connections for policies, replay and partitions; opened when needed, closed when idle. */
export function connect(url: string): postgres.Sql {
	return postgres(url, {
		max: 5,
		idle_timeout: 60,
		connect_timeout: 5,
		fetch_types: false,
		onnotice: () => {},
		connection: { application_name: 'realtime', statement_timeout: 5000 }
	});
}

/** SQLSTATE of an error that the server raised about the statement; null when there was no server to ask. */
function sqlState(error: unknown): string | null {
	const code = error instanceof postgres.PostgresError ? error.code : null;
	return code === null || code.startsWith('57P') || code.startsWith('08') || code.startsWith('53') ? null : code;
}

/** Tells an outage from an answer: raises DatabaseUnavailable for the first, returns the SQLSTATE for the second. */
export function answered(error: unknown): string {
	const state = sqlState(error);
	if (state === null) {
		throw new DatabaseUnavailable('UnableToConnectToProject', 'Realtime was unable to connect to the project database');
	}
	if (state === '57014')
		throw new DatabaseUnavailable('QueryCanceled', 'Database query was canceled due to statement timeout');
	if (state === '23514' && /no partition/.test((error as Error).message)) {
		throw new DatabaseUnavailable('MissingPartition', 'Database is missing the expected messages partition');
	}
	return state;
}
