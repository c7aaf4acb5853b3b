import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { Failure } from 'supabase-embedded';
import { files, write, writtenRelease } from './files.ts';
import { release } from './source.ts';

/**
 * `clocks`: writes the clocks of all zones anew from the pinned package (moment-timezone), for the database and the site.
 * `clocks <database url>`: loads them into a database that is in use, where what was promised keeps its local time.
 */
export async function run([url]: string[]): Promise<number> {
	if (url === undefined) {
		const before = writtenRelease();
		write();
		console.log(
			`The clocks are those of IANA ${release}${before && before !== release ? `; they were ${before}'s` : ''}.`
		);
		return 0;
	}
	if (!/^postgres(ql)?:/.test(url))
		throw new Failure('Give the address of a database: npm run clocks -- postgresql://…');
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		const [row] = await sql.unsafe<{ moved: number; clashes: number }[]>(
			readFileSync(files.rows, 'utf8').replace('select private.load_clocks', 'select * from private.load_clocks')
		);
		console.log(
			`The database has the clocks of IANA ${writtenRelease()}. ${row!.moved} instants follow their promised local time; ${row!.clashes} clashes wait on their owners' dashboards.`
		);
		return 0;
	} finally {
		await sql.end();
	}
}
