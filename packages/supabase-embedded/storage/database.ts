import postgres from 'postgres';
import type { Caller } from '../service.ts';
import { fromDatabase } from './errors.ts';

export type Sql = postgres.TransactionSql;

export interface Bucket {
	id: string;
	name: string;
	owner: string | null;
	public: boolean;
	type: string;
	file_size_limit: number | null;
	allowed_mime_types: string[] | null;
	created_at: string;
	updated_at: string;
}

export interface StoredObject {
	id: string;
	bucket_id: string;
	name: string;
	owner: string | null;
	owner_id: string | null;
	version: string;
	created_at: string;
	updated_at: string;
	last_accessed_at: string;
	metadata: Metadata;
	user_metadata: Record<string, unknown> | null;
}

export interface Metadata {
	eTag: string;
	size: number;
	mimetype: string;
	cacheControl: string;
	lastModified: string;
	contentLength: number;
	httpStatusCode: number;
}

export interface Database {
	/** Runs a transaction as the caller: their role, their claims, policies and all. Raises StorageError. */
	as<T>(caller: Caller, operation: string, work: (sql: Sql) => Promise<T>): Promise<T>;
	/** Runs a transaction as the owner of the tables, for what policies have no say in. Raises StorageError. */
	asOwner<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

const utc = (text: string) => new Date(text).toISOString();

/** The database as the Storage service sees it. */
export function openDatabase(url: string): Database {
	const sql = postgres(url, {
		max: 8,
		connect_timeout: 5,
		backoff: () => 0.1,
		onnotice: () => {},
		connection: { application_name: 'storage', TimeZone: 'UTC', search_path: 'storage, public, extensions' },
		types: {
			instant: { to: 1184, from: [1184], serialize: String, parse: utc },
			whole: { to: 20, from: [20], serialize: String, parse: Number }
		}
	});

	/** A database that is being restarted refuses connections for a moment; nothing has run yet then. */
	const begin = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
		for (const started = Date.now(); ;) {
			try {
				return (await sql.begin(work)) as T;
			} catch (error) {
				if (!(error instanceof Error)) throw error;
				const code = (error as { code?: string }).code ?? '';
				if (!['ECONNREFUSED', '57P03'].includes(code) || Date.now() - started > 5000) throw fromDatabase(error);
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
		}
	};

	return {
		as: (caller, operation, work) =>
			begin(async (transaction) => {
				await transaction`select
					set_config('role', ${caller.role}, true),
					set_config('request.jwt.claims', ${JSON.stringify({ ...caller.claims, role: caller.role })}, true),
					set_config('storage.operation', ${operation}, true),
					set_config('storage.allow_delete_query', 'true', true),
					set_config('statement_timeout', '8s', true)`;
				return work(transaction);
			}),
		asOwner: (work) =>
			begin(async (transaction) => {
				await transaction`select set_config('storage.allow_delete_query', 'true', true)`;
				return work(transaction);
			}),
		close: () => sql.end({ timeout: 1 })
	};
}
