import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { root } from '../settings.ts';

/** Where Deno is: the platform's own package, which needs no install script to have run, else what that script made. */
export function findDeno(): string {
	const windows = process.platform === 'win32';
	const program = windows ? 'deno.exe' : 'deno';
	const names = [`${process.platform}-${process.arch}`, `${process.platform}-${process.arch}-glibc`];
	const places = [
		...names.map((name) => join(root, 'node_modules/@deno', name, program)),
		join(root, 'node_modules/deno', program)
	];
	const found = places.find((place) => existsSync(place));
	if (!found)
		throw new Failure(
			'Deno for this machine is missing. Run "npm ci" to install it; optional packages must not be left out.'
		);
	return found;
}
