import { slowest, tallyCodes } from './ask.ts';
import { melee } from './melee.ts';
import { prizes, rush } from './rush.ts';
import type { Rush } from './rush.ts';
import { makeOwner, makeStage, storming } from './stage.ts';
import type { Ground } from './stage.ts';

const say = (sentence: string) => console.log(sentence);
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Says what should not have been, each kind once. Returns how many there were. */
function report(breaches: string[]): number {
	for (const [breach, all] of [...Map.groupBy(breaches, (breach) => breach)].slice(0, 20))
		say(`  ✗ ${breach}${all.length > 1 ? ` (${all.length} times)` : ''}`);
	return breaches.length;
}

/**
 * Many at once for one thing, of each mode; then everything at once over a few places. `sizes`: tries, rounds, operations.
 * Returns the number of breaches.
 */
export async function proveStorm({ facts, sql, check }: Ground, sizes: number[]): Promise<number> {
	const [tries = 1000, rounds = 20, operations = 2000] = sizes;
	const target = { client: storming(facts.API_URL, facts.PUBLISHABLE_KEY), sql, databaseUrl: facts.DB_URL };
	const stage = await makeStage(sql);
	let breaches = 0;
	for (const prize of prizes) {
		say(`${tries} at once for one ${prize}, ${rounds} rounds`);
		const all: Rush[] = [];
		for (let round = 1; round <= rounds; round++) {
			check();
			const one = await rush(target, stage, prize, tries, round);
			breaches += report(one.breaches);
			all.push(one);
		}
		const outcomes = all.flatMap((one) => one.outcomes);
		const sum = (of: (one: Rush) => number) => all.reduce((total, one) => total + of(one), 0);
		const longest = Math.max(...all.map(({ duration }) => duration));
		say(
			`  booked ${sum(({ booked }) => booked)}; answers: ${tallyCodes(outcomes)}; ${sum(({ repeats }) => repeats)} repeats with the same key`
		);
		say(
			`  slowest answer ${seconds(slowest(outcomes))}; a round takes ${seconds(sum(({ duration }) => duration) / rounds)}, the longest ${seconds(longest)}`
		);
	}
	check();
	say(
		`${operations} bookings, moves, cancellations and offers over a few places, whose owner moves and calls off sessions`
	);
	const owner = await makeOwner(sql, stage, {
		url: facts.API_URL,
		publishableKey: facts.PUBLISHABLE_KEY,
		secretKey: facts.SECRET_KEY
	});
	const mixed = await melee(target, stage, owner, operations, 50, 1);
	for (const [change, outcomes] of Object.entries(mixed.outcomes)) say(`  ${change}: ${tallyCodes(outcomes)}`);
	say(`  ${mixed.lapsed} holds lapsed; slowest answer ${seconds(mixed.slowest)}; ${seconds(mixed.duration)} in all`);
	return breaches + report(mixed.breaches);
}
