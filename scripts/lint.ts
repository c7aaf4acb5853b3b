import { lint, report } from './checks.ts';
import { withLifetime } from './lifetime.ts';

/** `lint`: what the tests ask of the sources before anything runs. */
export function run(): Promise<number> {
	return withLifetime(async (lifetime) => (report(await lint(lifetime)).failed === 0 ? 0 : 1), 15);
}
