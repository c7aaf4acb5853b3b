import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { OutdatedData } from '../failure.ts';
import { characterTypes } from './server.ts';

const folder = join(import.meta.dirname, 'schemas');

/** The roles that log in; all share the data folder's password. */
const logins = [
	'postgres',
	'authenticator',
	'supabase_auth_admin',
	'supabase_storage_admin',
	'supabase_functions_admin',
	'supabase_replication_admin',
	'supabase_read_only_user'
];

/** Address of the database for a role, as postgres.js and the Supabase CLI take it. */
export function databaseUrl(port: number, password: string, role = 'postgres'): string {
	return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/**
 * Gives a new database what a hosted project has before its first migration: roles, the schemas auth, storage and
 * realtime, the stand-ins for cron and net. Runs in one transaction, so a broken start leaves nothing half-made.
 * Data made by another version of these files is refused, since they are not migrations.
 */
export async function bootstrap(port: number, password: string, dataFolder: string): Promise<{ fresh: boolean }> {
	const files = readdirSync(folder)
		.filter((name) => name.endsWith('.sql'))
		.sort();
	const sources = files.map((name) => readFileSync(join(folder, name), 'utf8'));
	const version = createHash('sha256')
		.update([...characterTypes, ...sources].join('\n'))
		.digest('hex');
	const stamp = join(dataFolder, 'platform-version');

	if (existsSync(stamp)) {
		if (readFileSync(stamp, 'utf8') === version) return { fresh: false };
		throw new OutdatedData(`The data in ${dataFolder} was made by another version of the embedded platform.`);
	}

	const sql = postgres(databaseUrl(port, password, 'supabase_admin'), { max: 1, onnotice: () => {} });
	try {
		const [made] = await sql`select 1 from pg_roles where rolname = 'anon'`;
		if (!made) {
			await sql.begin(async (transaction) => {
				for (const [index, source] of sources.entries()) {
					await transaction.unsafe(source).catch((error: Error) => {
						throw new Error(`${files[index]}: ${error.message}`, { cause: error });
					});
				}
				for (const role of logins) {
					await transaction.unsafe(`alter role ${role} password '${password}'`);
				}
			});
		}
	} finally {
		await sql.end();
	}
	writeFileSync(stamp, version);
	return { fresh: true };
}
