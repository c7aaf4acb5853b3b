import postgres from 'postgres';
import { slowest, tallyCodes } from '../../tests/load/ask.ts';
import { melee } from '../../tests/load/melee.ts';
import { prizes, rush } from '../../tests/load/rush.ts';
import type { Rush } from '../../tests/load/rush.ts';
import { makeStage, storming, withoutLimits } from '../../tests/load/stage.ts';
import type { Target } from '../../tests/load/stage.ts';
import { Failure } from '../failure.ts';
import { temporaryPlatform } from './environment.ts';
import { factsOf } from './facts.ts';
import { withLifetime } from './lifetime.ts';
import type { Lifetime } from './lifetime.ts';
import { migrate } from './migrations.ts';

const say = (sentence: string) => console.log(sentence);
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Says what should not have been, a few of each. Returns how many there were. */
function report(breaches: string[]): number {
	const kinds = Map.groupBy(breaches, (breach) => breach);
	for (const [breach, all] of [...kinds].slice(0, 20))
		say(`  ✗ ${breach}${all.length > 1 ? ` (${all.length} times)` : ''}`);
	return breaches.length;
}

/** `load storm [tries [rounds [operations]]]`: many at once for one thing, then everything at once over a few places. */
async function storm(lifetime: Lifetime, target: Target, numbers: number[]): Promise<number> {
	const [tries = 1000, rounds = 20, operations = 2000] = numbers;
	const stage = await makeStage(target.sql);
	let breaches = 0;
	for (const prize of prizes) {
		say(`${tries} at once for one ${prize}, ${rounds} rounds`);
		const all: Rush[] = [];
		for (let round = 1; round <= rounds; round++) {
			lifetime.check();
			const one = await rush(target, stage, prize, tries, round);
			breaches += report(one.breaches);
			all.push(one);
		}
		const outcomes = all.flatMap((one) => one.outcomes);
		const sum = (of: (one: Rush) => number) => all.reduce((total, one) => total + of(one), 0);
		say(
			`  booked ${sum(({ booked }) => booked)}; answers: ${tallyCodes(outcomes)}; ${sum(({ repeats }) => repeats)} repeats with the same key`
		);
		say(
			`  slowest answer ${seconds(slowest(outcomes))}; a round takes ${seconds(sum(({ duration }) => duration) / rounds)}, the longest ${seconds(Math.max(...all.map(({ duration }) => duration)))}`
		);
	}
	lifetime.check();
	say(`${operations} bookings, moves and cancellations over a few places`);
	const mixed = await melee(target, stage, operations, 50, 1);
	for (const [change, outcomes] of Object.entries(mixed.outcomes)) say(`  ${change}: ${tallyCodes(outcomes)}`);
	say(`  ${mixed.lapsed} holds lapsed; slowest answer ${seconds(mixed.slowest)}; ${seconds(mixed.duration)} in all`);
	breaches += report(mixed.breaches);
	return breaches;
}

const kinds: Record<string, (lifetime: Lifetime, target: Target, numbers: number[]) => Promise<number>> = { storm };

/** `load <kind> [sizes]`: proofs of the booking engine that are too large for every run of the tests, on a platform of their own. */
export function run(args: string[]): Promise<number> {
	const [kind = '', ...rest] = args;
	const proof = kinds[kind];
	if (!proof) throw new Failure(`There is no load of the kind "${kind}". There are: ${Object.keys(kinds).join(', ')}.`);
	return withLifetime(async (lifetime) => {
		const platform = await lifetime.own(temporaryPlatform());
		const facts = factsOf(platform.context);
		await migrate(lifetime, facts, true);
		const sql = postgres(facts.DB_URL, { max: 2, onnotice: () => {} });
		lifetime.defer(() => sql.end());
		const target = { client: storming(facts.API_URL, facts.PUBLISHABLE_KEY), sql };
		const breaches = await withoutLimits(sql, () => proof(lifetime, target, rest.map(Number)));
		say(breaches === 0 ? '\nAll of it held.' : `\n${breaches} breaches.`);
		return breaches === 0 ? 0 : 1;
	}, 130);
}
