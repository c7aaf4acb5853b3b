import type { Sql } from 'postgres';
import { readClock, zones } from './clock.ts';
import type { Clock } from './clock.ts';
import { judge } from './judge.ts';
import type { Verdict } from './judge.ts';
import { makeProviders, removeProviders } from './write.ts';

/** Compares free slots with the model, case by case; each case is the scene of its seed. */
export interface Cases {
	run(seed: number): Promise<Verdict>;
	close(): Promise<void>;
}

/** Cases run one after the other; for several at once make one of these for each, since cases lock what they borrow. */
export async function makeCases(sql: Sql): Promise<Cases> {
	const clocks = new Map<string, Clock>();
	for (const zone of new Set(zones)) clocks.set(zone, await readClock(sql, zone));
	const providers = await makeProviders(sql, clocks.keys());
	return { run: (seed) => judge(sql, providers, clocks, seed), close: () => removeProviders(sql, providers) };
}

/** A case in which database and model differ, with all that is needed to see why. */
export function describeCase({ scene, differences }: Verdict): string {
	return `seed ${scene.seed}:\n${differences.join('\n')}\n${JSON.stringify(scene)}`;
}
