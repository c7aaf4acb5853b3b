import postgres from 'postgres';
import { differingHere } from '../../supabase/functions/_shared/clocks.ts';
import type { ClockState } from '../../supabase/functions/_shared/clocks.ts';

/** Says in words by which clocks the database goes, and who would tell another time. Nothing where there is no schema yet. */
export async function sayClocks(databaseUrl: string, say: (sentence: string) => void): Promise<void> {
	const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
	try {
		const [there] = await sql`select to_regproc('private.clock_state') is not null as is`;
		if (!there!.is) return;
		const [row] = await sql<{ state: ClockState }[]>`select private.clock_state() as state`;
		const server = await sql<{ zone: string; at: Date }[]>`
			select zone, at from private.clock_differences(array(select distinct time_zone from public.providers))`;
		const runtime = differingHere(row!.state);
		const whole = `Clocks: those of IANA ${row!.state.release}`;
		if (server.length === 0 && runtime.length === 0) {
			say(`${whole}; the database server and Node tell the same.`);
			return;
		}
		say(`${whole}. Others tell another time, by which nothing of Khadamat goes:`);
		for (const { zone, at } of server)
			say(`  the database server, of ${zone} from ${at.toISOString().slice(0, 10)} on or before`);
		for (const zone of runtime) say(`  Node, of ${zone}`);
	} finally {
		await sql.end();
	}
}
