import postgres from 'postgres';
import { Failure } from 'supabase-embedded';
import { proveFuzz } from '../tests/load/fuzz/proof.ts';
import { proveMoney } from '../tests/load/money/proof.ts';
import { provePolicies } from '../tests/load/policies.ts';
import { proveSlots } from '../tests/load/slots/proof.ts';
import { withoutLimits } from '../tests/load/stage.ts';
import type { Ground } from '../tests/load/stage.ts';
import { proveStorm } from '../tests/load/storm.ts';
import { temporaryBackend } from './temporary.ts';
import { factsOf } from './facts.ts';
import { withLifetime } from './lifetime.ts';
import { migrate } from './migrations.ts';
import { buildSite, startSite } from './site.ts';

const proofs = {
	storm: (ground: Ground, sizes: string[]) => proveStorm(ground, sizes.map(Number)),
	slots: (ground: Ground, sizes: string[]) => proveSlots(ground, sizes.map(Number)),
	money: (ground: Ground, sizes: string[]) => proveMoney(ground, sizes.map(Number)),
	fuzz: proveFuzz,
	policies: provePolicies
};

/** `load storm|slots|money|fuzz|policies [sizes]`: proofs too large for every run of the tests, on a platform of its own. */
export function run(args: string[]): Promise<number> {
	const [kind = '', ...sizes] = args;
	const proof = Object.entries(proofs).find(([name]) => name === kind)?.[1];
	if (!proof)
		throw new Failure(`There is no load of the kind "${kind}". There are: ${Object.keys(proofs).join(', ')}.`);
	return withLifetime(async (lifetime) => {
		const backend = await lifetime.own(temporaryBackend());
		const facts = factsOf(backend);
		await migrate(lifetime, facts, true);
		if (proof === proofs.fuzz) {
			await buildSite(lifetime, console.log);
			await startSite(lifetime, backend);
		}
		const sql = postgres(facts.DB_URL, { max: 2, onnotice: () => {} });
		lifetime.defer(() => sql.end());
		const check = () => lifetime.check();
		const breaches = await withoutLimits(sql, () => proof({ facts, sql, check }, sizes));
		console.log(breaches === 0 ? '\nAll of it held.' : `\n${breaches} breaches.`);
		return breaches === 0 ? 0 : 1;
	}, 130);
}
