import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** Where Deno is: the platform's own package, which needs no install script to have run, else what that script made. */
export function findDeno(): string {
	const windows = process.platform === 'win32';
	const program = windows ? 'deno.exe' : 'deno';
	const names = [`${process.platform}-${process.arch}`, `${process.platform}-${process.arch}-glibc`];
	const installed = createRequire(import.meta.url).resolve.paths('deno') ?? [];
	const places = installed.flatMap((folder) => [
		...names.map((name) => join(folder, '@deno', name, program)),
		join(folder, 'deno', program)
	]);
	const found = places.find((place) => existsSync(place));
	if (!found)
		throw new Failure(
			'Deno for this machine is missing. Run "npm ci" to install it; optional packages must not be left out.'
		);
	return found;
}
