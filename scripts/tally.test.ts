import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { playwrightTally, readTally, sum, vitestTally } from './tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'khadamat-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(content: unknown): string {
	const file = join(folder, 'report.json');
	writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
	return file;
}

function vitestReport(numFailedTests: number, testResults: object[] = []) {
	return { numPassedTests: 4, numFailedTests, numPendingTests: 1, numTodoTests: 1, testResults };
}

describe('the count of tests', () => {
	test('is read from what Vitest reports', () => {
		const file = report(vitestReport(0, [{ name: 'a.test.ts', status: 'passed', message: '', assertionResults: [] }]));
		expect(readTally('Unit', file, 0, vitestTally)).toEqual({ passed: 4, failed: 0, skipped: 2, failures: [] });
	});

	test('names the tests that failed, and the files that did not load', () => {
		const failed = { fullName: 'a b', status: 'failed', failureMessages: ['Error: expected 1\n    at line'] };
		const passed = { fullName: 'a c', status: 'passed' };
		const file = report(
			vitestReport(1, [
				{ name: 'a.test.ts', status: 'failed', message: '', assertionResults: [failed, passed] },
				{ name: 'b.test.ts', status: 'failed', message: '\nNo such module\nmore', assertionResults: [] }
			])
		);
		expect(readTally('Unit', file, 1, vitestTally).failures).toEqual([
			'a b: Error: expected 1',
			'b.test.ts: No such module'
		]);
	});

	test('is read from what Playwright reports', () => {
		const spec = (title: string, ok: boolean, message?: string) => ({
			title,
			ok,
			tests: [{ results: [message ? { error: { message } } : {}] }]
		});
		const file = report({
			stats: { expected: 3, unexpected: 1, flaky: 0, skipped: 0 },
			suites: [{ specs: [spec('good', true)], suites: [{ specs: [spec('bad', false, 'Timed out\nlog')] }] }]
		});
		expect(readTally('Browser', file, 1, playwrightTally)).toEqual({
			passed: 3,
			failed: 1,
			skipped: 0,
			failures: ['bad: Timed out']
		});
	});

	test('has a failure when the runner failed without a failed test', () => {
		const tally = readTally('Unit', report(vitestReport(0)), 1, vitestTally);
		expect(tally).toMatchObject({ passed: 4, failed: 1, failures: ['Unit ended with 1, no test having failed'] });
	});

	test('has a failure when there is no report', () => {
		const missing = readTally('Unit', join(folder, 'none.json'), 0, vitestTally);
		expect(missing).toMatchObject({ passed: 0, failed: 1, failures: ['Unit ended with 0 and left no report'] });
		expect(readTally('Unit', report('{"num'), 0, vitestTally)).toMatchObject({ passed: 0, failed: 1 });
	});

	test('adds up', () => {
		const one = { passed: 1, failed: 2, skipped: 3, failures: ['a'] };
		expect(sum([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6, failures: ['a', 'a'] });
	});
});
