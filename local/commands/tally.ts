import { readFileSync } from 'node:fs';

/** How many tests passed, failed and were left out. */
export interface Tally {
	passed: number;
	failed: number;
	skipped: number;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

export function sum(tallies: Tally[]): Tally {
	return tallies.reduce(
		(total, one) => ({
			passed: total.passed + one.passed,
			failed: total.failed + one.failed,
			skipped: total.skipped + one.skipped
		}),
		nothing
	);
}

/**
 * Reads a report that a test runner wrote as JSON. A runner that failed without a failed test, or wrote no report
 * (a file that does not load, a crash), counts as one failure.
 */
export function readTally(file: string, code: number, read: (report: never) => Tally): Tally {
	try {
		const tally = read(JSON.parse(readFileSync(file, 'utf8')) as never);
		return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
	} catch {
		return { ...nothing, failed: 1 };
	}
}

interface VitestReport {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numTodoTests: number;
}

export function vitestTally(report: VitestReport): Tally {
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests,
		skipped: report.numPendingTests + report.numTodoTests
	};
}

interface PlaywrightReport {
	stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

export function playwrightTally({ stats }: PlaywrightReport): Tally {
	return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}
