import { readFileSync } from 'node:fs';

/** How many tests passed, failed and were left out, and which failed: a name and the first line of its complaint. */
export interface Tally {
	passed: number;
	failed: number;
	skipped: number;
	failures: string[];
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

export function sum(tallies: Tally[]): Tally {
	return tallies.reduce(
		(total, one) => ({
			passed: total.passed + one.passed,
			failed: total.failed + one.failed,
			skipped: total.skipped + one.skipped,
			failures: [...total.failures, ...one.failures]
		}),
		nothing
	);
}

/** A failure in one line: a log that keeps only its end still says what broke. */
export function failure(name: string, complaint = ''): string {
	const line = complaint.split('\n').find((text) => text.trim() !== '');
	return line ? `${name}: ${line.trim()}` : name;
}

/**
 * Reads a report that a test runner wrote as JSON. A runner that failed without a failed test, or wrote no report
 * (a file that does not load, a crash), counts as one failure.
 */
export function readTally(name: string, file: string, code: number, read: (report: never) => Tally): Tally {
	try {
		const tally = read(JSON.parse(readFileSync(file, 'utf8')) as never);
		if (code === 0 || tally.failed > 0) return tally;
		return { ...tally, failed: 1, failures: [...tally.failures, `${name} ended with ${code}, no test having failed`] };
	} catch {
		return { ...nothing, failed: 1, failures: [`${name} ended with ${code} and left no report`] };
	}
}

interface VitestReport {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
	numTodoTests: number;
	testResults: {
		name: string;
		status: string;
		message: string;
		assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
	}[];
}

export function vitestTally(report: VitestReport): Tally {
	const failures = report.testResults
		.filter(({ status }) => status === 'failed')
		.flatMap(({ name, message, assertionResults }) => {
			const tests = assertionResults.filter(({ status }) => status === 'failed');
			if (tests.length === 0) return [failure(name, message)];
			return tests.map(({ fullName, failureMessages }) => failure(fullName, failureMessages?.[0]));
		});
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests,
		skipped: report.numPendingTests + report.numTodoTests,
		failures
	};
}

interface PlaywrightSuite {
	specs: { title: string; ok: boolean; tests: { results: { error?: { message?: string } }[] }[] }[];
	suites?: PlaywrightSuite[];
}

interface PlaywrightReport {
	stats: { expected: number; unexpected: number; flaky: number; skipped: number };
	suites: PlaywrightSuite[];
}

export function playwrightTally({ stats, suites }: PlaywrightReport): Tally {
	const specs = (suite: PlaywrightSuite): PlaywrightSuite['specs'] => [
		...suite.specs,
		...(suite.suites ?? []).flatMap(specs)
	];
	const failures = suites
		.flatMap(specs)
		.filter(({ ok }) => !ok)
		.map(({ title, tests }) => failure(title, tests[0]?.results.find(({ error }) => error)?.error?.message));
	return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped, failures };
}
