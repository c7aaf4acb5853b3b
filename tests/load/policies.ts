import type { Facts } from '../../scripts/facts.ts';
import type { Ground } from './stage.ts';

/**
 * Shows that no policy can be lost or loosened unnoticed: drops each, opens each to everybody it names, and expects the
 * cells of its table in the policy matrix to differ from what is declared. `sizes`: none. Returns how many went unnoticed.
 */
export async function provePolicies({ facts, sql, check }: Ground & { facts: Facts }): Promise<number> {
	// The matrix asks the environment which project it is about, as tests do.
	Object.assign(process.env, {
		SUPABASE_URL: facts.API_URL,
		SUPABASE_PUBLISHABLE_KEY: facts.PUBLISHABLE_KEY,
		SUPABASE_SECRET_KEY: facts.SECRET_KEY,
		SUPABASE_DB_URL: facts.DB_URL,
		SITE_URL: facts.SITE_URL
	});
	const { mutate } = await import('./policies/mutate.ts');
	const begun = performance.now();
	let unnoticed = 0;
	let tried = 0;
	for await (const { policy, change, surprise } of mutate(sql)) {
		check();
		tried++;
		if (surprise === null) unnoticed++;
		console.log(`${surprise === null ? '✗' : '✓'} ${policy}\n    ${change}: ${surprise ?? 'NOT NOTICED'}`);
	}
	console.log(
		`${tried} changes of policies, ${unnoticed} not noticed; ${((performance.now() - begun) / 1000).toFixed(0)} s`
	);
	return unnoticed;
}
