import type { Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database } from 'supabase-embedded/testing';
import { describeCase, makeCases } from '../load/slots/cases.ts';
import type { Cases } from '../load/slots/cases.ts';

let sql: Sql;
let cases: Cases;

// The same with 10,000 cases is `npm run load -- slots`; one case again is `npm run load -- slots 1 <seed>`.
beforeAll(async () => {
	sql = database();
	await sql`update private.rate_limits set max_calls = 1000000`;
	cases = await makeCases(sql);
});
afterAll(async () => {
	await cases.close();
	await sql.end();
});

test.each([1, 31, 61, 91, 121])(
	'free slots, their explanation, booking them and the next free ones agree with the model: 30 cases from %i',
	async (first) => {
		for (let seed = first; seed < first + 30; seed++) {
			const verdict = await cases.run(seed);
			expect(verdict.differences, describeCase(verdict)).toEqual([]);
		}
	}
);
