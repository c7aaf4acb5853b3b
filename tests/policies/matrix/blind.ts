import type { Sql, TransactionSql } from 'postgres';
import { callers, marksOf } from './notation.ts';
import type { Caller } from './notation.ts';
import { changeOf } from './rows/recipe.ts';
import { byKey, rowFor, tidy } from './tables.ts';
import type { Subject } from './tables.ts';
import type { Row, Scene } from './scene.ts';

/**
 * Writes without a filter. Through REST a row that one may not read cannot be named, so that the policies for reading hide
 * what those for changing and deleting would let through. Here each caller changes or deletes all they can, in a
 * transaction that is taken back, and what was touched is compared with the declaration.
 */

class TakenBack extends Error {}

/** Runs work in a transaction as a caller, with the claims of their token, and takes all of it back. */
export async function asCaller<T>(
	{ db, as }: Scene,
	caller: Caller,
	work: (sql: TransactionSql) => Promise<T>
): Promise<T> {
	const { data } = await as[caller].auth.getSession();
	const token = data.session?.access_token;
	const claims = token ? Buffer.from(token.split('.')[1]!, 'base64url').toString() : '{"role":"anon"}';
	let result: T | undefined;
	await (db as Sql)
		.begin(async (sql) => {
			await sql`select set_config('request.jwt.claims', ${claims}, true)`;
			await sql.unsafe(`set local role ${token ? 'authenticated' : 'anon'}`);
			result = await work(sql);
			throw new TakenBack();
		})
		.catch((error) => {
			if (!(error instanceof TakenBack)) throw error;
		});
	return result as T;
}

type Write = 'update' | 'delete';

/** Whether accounts are granted the write at all (visitors never are, see the rights). */
const isGranted = ({ table }: Subject, write: Write) => Boolean(table.authenticated?.[write]);

/** The write on everything. It reads no column: who changes what they read is asked for the right to read too. */
async function run(sql: TransactionSql, { name, recipe, key }: Subject, row: Row, write: Write): Promise<void> {
	const table = sql(`public.${name}`);
	const change = changeOf(recipe, row) ?? { [key[0]!]: row[key[0]!] };
	await (write === 'delete' ? sql`delete from ${table}` : sql`update ${table} set ${sql(change as never)}`);
}

/** Which of some rows a write of this transaction has changed or deleted. */
async function touched(sql: TransactionSql, subject: Subject, rows: Row[]): Promise<boolean[]> {
	const answers = [];
	for (const row of rows) {
		const { table, wanted, same } = byKey(subject, row);
		const [state] = await sql<{ changed: boolean }[]>`
			select t.xmin = pg_current_xact_id()::xid as changed from ${table} t, ${wanted} where ${same}`;
		answers.push(state?.changed ?? true);
	}
	return answers;
}

/** Tries a write on everything as each account. Returns what was not as declared. */
export async function tryBlindly(subject: Subject, write: Write): Promise<string[]> {
	const { table, scene, name } = subject;
	const surprises: string[] = [];
	if (!isGranted(subject, write)) return surprises;
	for (const caller of callers.filter((one) => one !== 'anonymous')) {
		const rows: Row[] = [];
		for (const kind of table.rows) rows.push(await rowFor(subject, kind, caller));
		const found = await asCaller(scene, caller, async (sql) => {
			await run(sql, subject, rows[0]!, write);
			await sql`reset role`;
			return touched(sql, subject, rows);
		});
		for (const [index, kind] of table.rows.entries()) {
			const may = marksOf(kind, write)[caller] === '✓';
			if (found[index] !== may)
				surprises.push(
					`${name}, ${kind.name}: ${caller} ${write} without a filter: ${may ? 'may, but did not succeed' : 'may not, but did'}`
				);
		}
		for (const row of rows) await tidy(subject, row);
	}
	return surprises;
}
