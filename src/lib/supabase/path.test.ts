import { expect, test } from 'vitest';
import { isPath } from './path.ts';

const id = '01890f5e-7a2c-7c3d-9e4f-0123456789ab';

test.each([`${id}/${id}.pdf`, `${id}/${id}.webp`, `${id}/${id}`])('%s is the path of a file', (path) =>
	expect(isPath(path)).toBe(true)
);

test.each([
	`${id}/../../../../auth/v1/logout`,
	`${id}/..`,
	`${id}//${id}.pdf`,
	`${id}/${id}.pdf/..`,
	`${id}\\${id}.pdf`,
	`${id}/%2e%2e/${id}.pdf`,
	`${id}/${id}.pdf\n`,
	`${id}/${id}.pdf?download=x`,
	`${id.toUpperCase()}/${id}.pdf`,
	`/${id}/${id}.pdf`,
	'',
	null,
	{ toString: () => `${id}/${id}.pdf` }
])('%s is none', (path) => expect(isPath(path)).toBe(false));
