import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { playwrightTally, readTally, sum, vitestTally } from './tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'khadamat-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(content: string): string {
	const file = join(folder, 'report.json');
	writeFileSync(file, content);
	return file;
}

describe('the count of tests', () => {
	const good = '{"numPassedTests":4,"numFailedTests":0,"numPendingTests":1,"numTodoTests":1}';

	test('is read from what Vitest reports', () => {
		expect(readTally(report(good), 0, vitestTally)).toEqual({ passed: 4, failed: 0, skipped: 2 });
	});

	test('is read from what Playwright reports', () => {
		const file = report('{"stats":{"expected":3,"unexpected":1,"flaky":0,"skipped":0}}');
		expect(readTally(file, 1, playwrightTally)).toEqual({ passed: 3, failed: 1, skipped: 0 });
	});

	test('has a failure when the runner failed without a failed test', () => {
		expect(readTally(report(good), 1, vitestTally)).toEqual({ passed: 4, failed: 1, skipped: 2 });
	});

	test('has a failure when there is no report', () => {
		expect(readTally(join(folder, 'none.json'), 0, vitestTally)).toEqual({ passed: 0, failed: 1, skipped: 0 });
		expect(readTally(report('{"num'), 0, vitestTally)).toEqual({ passed: 0, failed: 1, skipped: 0 });
	});

	test('adds up', () => {
		const one = { passed: 1, failed: 2, skipped: 3 };
		expect(sum([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
	});
});
