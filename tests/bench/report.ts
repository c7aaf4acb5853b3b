import { cpus, totalmem } from 'node:os';
import type { Score } from './browser.ts';
import type { DatabaseFigures } from './database.ts';
import type { Memory } from './memory.ts';
import type { Rate } from './rate.ts';

interface Figures {
	/** seconds */
	cold: number;
	/** seconds */
	warm: number;
	atRest: Memory[];
	afterLoad: Memory[];
	/** the bare page first */
	rates: Rate[];
	/** bytes by page */
	scripts: [string, number][];
	scores: Score[];
	database: DatabaseFigures;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (heads: string[], rows: string[]) => [row(...heads), row(...heads.map(() => '---')), ...rows].join('\n');
const total = (memory: Memory[]) => memory.reduce((sum, { bytes }) => sum + bytes, 0);

/** The figures of one run as a page to read. */
export function report({ cold, warm, atRest, afterLoad, rates, scripts, scores, database }: Figures): string {
	const [cpu] = cpus();
	const machine = `${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
	const bare = rates[0]!.rate;
	return `# Benchmarks

Written by \`npm run bench\`, which measures the product as \`npm start\` starts it. The figures of one run belong together:
they compare parts of it on one machine, and say little about another.

Machine: ${machine}. ${new Date().toISOString().slice(0, 10)}.

## Starting

Cold: neither data nor build (packages installed). Warm: both there. From the command to the table of addresses.

${table(['start', 'seconds', 'aim'], [row('cold', cold.toFixed(1), ''), row('warm', warm.toFixed(1), '< 30')])}

## Memory

Proportional set size, which counts what processes share once. At rest: five seconds after a warm start. After load: after
the requests below.

${table(
	['part', 'processes', 'at rest', 'after load', 'aim'],
	[
		...afterLoad.map(({ part, processes, bytes }) =>
			row(
				part,
				processes,
				megabytes(atRest.find((other) => other.part === part)?.bytes ?? 0),
				megabytes(bytes),
				part === 'site' ? '≤ 256 MB' : ''
			)
		),
		row('all', '', megabytes(total(atRest)), megabytes(total(afterLoad)), '≤ 1200 MB')
	]
)}

## Requests

Ten connections that ask again as soon as they are answered, accepting Brotli; median of three rounds of four seconds in
turn. The asking program shares the machine. Visitors get a page of home and search that was made within the last five
seconds (\`src/lib/http/page-cache.server.ts\`); "each made anew" asks for a new address each time, so that every page is
made from the database.

${table(
	['page', 'requests/s', 'p95', 'of the bare page', 'aim', 'failures'],
	rates.map(({ name, rate, p95, failures }, index) =>
		row(
			name,
			Math.round(rate),
			`${p95.toFixed(1)} ms`,
			`${Math.round((rate / bare) * 100)} %`,
			index === 1 || index === 2 ? '≥ 40 %' : '',
			failures
		)
	)
)}

## JavaScript

What a phone fetches for a page in French, compressed, without headers.

${table(
	['page', 'bytes', 'aim'],
	scripts.map(([name, bytes]) => row(name, `${(bytes / 1000).toFixed(1)} kB`, name === 'home' ? '≤ 64 kB' : ''))
)}

## Lighthouse

For a phone, simulated slow network and processor; the middle one of three runs. Aim: at least 98, 100, 100, 100.

${table(
	['page', 'performance', 'accessibility', 'best practices', 'SEO', 'what is not at its best'],
	scores.map(({ name, performance, accessibility, bestPractices, seo, faults }) =>
		row(name, performance, accessibility, bestPractices, seo, faults.join(', '))
	)
)}

## The database

Its own platform, without syncing to disk; fifty queries each. Aims: a month of slots within 10 ms, a search within 50 ms
(95 of 100), and 100,000 providers no more than twice as slow as 10,000.

${table(
	['query', 'p50', 'p95'],
	database.times.map(({ name, p50, p95 }) => row(name, `${p50.toFixed(1)} ms`, `${p95.toFixed(1)} ms`))
)}

How they are carried out: [plans.md](plans.md).

Eight connections for four seconds. Aim: a booking at half the rate of the bare insert.

${table(
	['write', 'a second', 'of the bare insert'],
	database.throughput.map(({ name, rate }) =>
		row(name, Math.round(rate), `${Math.round((rate / database.throughput[0]!.rate) * 100)} %`)
	)
)}
`;
}
