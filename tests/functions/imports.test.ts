import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/settings.ts';

interface Packages {
	dependencies: Record<string, string>;
	devDependencies: Record<string, string>;
}

const folder = join(root, 'supabase/functions');
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Packages;
const versions = { ...dependencies, ...devDependencies };
const names = readdirSync(folder, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
	.map(({ name }) => name);

// What a function runs on when hosted is what it was tested with, and a start needs no network.
test.each(names)('%s takes its packages in the versions of package.json', (name) => {
	const { imports } = JSON.parse(readFileSync(join(folder, name, 'deno.json'), 'utf8')) as {
		imports: Record<string, string>;
	};
	for (const [specifier, target] of Object.entries(imports)) {
		const [, wanted, version] = /^npm:(@?[^@]+)@([^/]+)/.exec(target) ?? [];
		expect([specifier, version]).toEqual([specifier, versions[wanted ?? '']]);
	}
});
