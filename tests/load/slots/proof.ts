import postgres from 'postgres';
import type { Ground } from '../stage.ts';
import { describeCase, makeCases } from './cases.ts';

const lanes = 2;

/** Cases of free slots against the model. `sizes`: how many, and the seed of the first. Returns how many differ. */
export async function proveSlots({ facts, check }: Ground, sizes: number[]): Promise<number> {
	const [count = 10_000, first = 1] = sizes;
	const begun = performance.now();
	const total = { cases: 0, without: 0, slots: 0, explained: 0, booked: 0, refused: 0, changed: 0, differing: 0 };
	let next = first;
	const lane = async () => {
		const sql = postgres(facts.DB_URL, { max: 1, onnotice: () => {} });
		const cases = await makeCases(sql);
		while (next < first + count) {
			check();
			const verdict = await cases.run(next++);
			total.cases++;
			if (verdict.slots === 0) total.without++;
			total.slots += verdict.slots;
			total.explained += verdict.explained;
			total.booked += verdict.booked;
			total.refused += verdict.refused;
			total.changed += verdict.changed;
			if (verdict.differences.length > 0 && total.differing++ < 5) console.log(describeCase(verdict));
		}
		await cases.close();
		await sql.end();
	};
	await Promise.all(Array.from({ length: lanes }, lane));
	console.log(
		`${total.cases} cases, ${total.without} of them without a free slot; ${total.slots} slots compared; ` +
			`${total.explained} instants explained, of which ${total.booked} could be booked and ${total.refused} were refused; ` +
			`${total.changed} changes of bookings; ` +
			`${((performance.now() - begun) / 1000).toFixed(0)} s`
	);
	if (total.differing > 0) console.log(`${total.differing} cases differ; one again: npm run load -- slots 1 <seed>`);
	return total.differing;
}
