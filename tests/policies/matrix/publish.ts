import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describeMatrix } from './document.ts';

const file = join(import.meta.dirname, '../../../docs/policy-matrix.md');

/** The page as it is to be committed. */
export async function page(): Promise<string> {
	return format(describeMatrix(), { ...(await resolveConfig(file)), parser: 'markdown' });
}

export const published = () => readFileSync(file, 'utf8');

/** `matrix`: writes docs/policy-matrix.md. */
export async function run(): Promise<number> {
	writeFileSync(file, await page());
	return 0;
}
