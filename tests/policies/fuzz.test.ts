import type { Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database, project } from 'supabase-embedded/testing';
import { atOnce } from '../load/ask.ts';
import { lanes, startFuzz } from '../load/fuzz/proof.ts';
import type { Fuzz } from '../load/fuzz/proof.ts';

let sql: Sql;
let fuzz: Fuzz;

// The same with 10,000 calls of each is `npm run load -- fuzz`; one of them again is `npm run load -- fuzz <calls> <seed> <name>`.
beforeAll(async () => {
	sql = database();
	await sql`update private.rate_limits set max_calls = 1000000`;
	const facts = { API_URL: project.url, PUBLISHABLE_KEY: project.publishableKey, SECRET_KEY: project.secretKey };
	fuzz = await startFuzz({ facts, sql }, project.dbUrl);
});
afterAll(() => sql.end());

test('whatever it is called with, nothing fails, tells of the database, or writes what is not its caller’s', async () => {
	const subjects = fuzz.subjects.filter(({ open }) => open);
	const findings = await atOnce(
		lanes,
		subjects.map((subject) => () => fuzz.run(subject, 50, 1))
	);
	const refused = await fuzz.close();
	expect(findings.filter(({ breach }) => breach).map(({ subject, breach }) => `${subject}: ${breach}`)).toEqual([]);
	expect(refused).toEqual([]);
	expect(findings.reduce((sum, { runs }) => sum + runs, 0)).toBe(50 * subjects.length);
}, 180_000);
