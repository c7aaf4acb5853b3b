import { projectSettings } from './settings.ts';
import { table } from './facts.ts';
import type { Facts } from './facts.ts';
import { announced } from './lock.ts';

/** `status [--json]`: the addresses, keys and accounts of the platform that is running. Raises a Failure when none is. */
export async function run(args: string[]): Promise<number> {
	const facts = announced<Facts>(projectSettings().folder);
	console.log(args.includes('--json') ? JSON.stringify(facts, null, '\t') : table(facts));
	return 0;
}
