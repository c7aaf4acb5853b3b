import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';

/** Makes the tables, functions and policies that the contract speaks of. */
export default async function setup(): Promise<void> {
	const sql = postgres(process.env.SUPABASE_DB_URL!, { max: 1, onnotice: () => {} });
	await sql.unsafe(readFileSync(join(import.meta.dirname, 'fixture.sql'), 'utf8'));
	await sql.end();
}
