import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { release as ofSite, localTextIn } from '../../src/lib/time/clocks.ts';
import { root } from '../settings.ts';
import { contents, files, writtenRelease } from './files.ts';
import { clockGroups, release } from './source.ts';
import { tzif } from './tzif.ts';

const hour = 3_600_000;

describe('the clocks that are written', () => {
	test('come from the pinned release: run "npm run clocks" after moment-timezone was updated', () => {
		expect(writtenRelease()).toBe(release);
		expect(ofSite).toBe(release);
	});

	test('are those of the pinned package, to the letter', () => {
		for (const [name, content] of Object.entries(contents()))
			expect(readFileSync(files[name as keyof typeof files], 'utf8')).toBe(content);
	});

	test('reach ten years further than anybody books', () => {
		const latest = Math.max(...clockGroups().flatMap(({ changes }) => changes.map(({ at }) => at?.getTime() ?? 0)));
		expect(latest).toBeGreaterThan(Date.now() + 10 * 365 * 24 * hour);
	});

	test('are under every name that a browser may give', () => {
		const names = new Set(clockGroups().flatMap(({ zones }) => zones));
		expect(Intl.supportedValuesOf('timeZone').filter((zone) => !names.has(zone))).toEqual([]);
		for (const name of ['Asia/Kathmandu', 'Asia/Katmandu', 'America/Buenos_Aires', 'UTC'])
			expect(names).toContain(name);
	});
});

// The runtime is another reader of the same source: where it is as new, it must agree, and where it is older, do so
// in all that did not change since.
test.each([
	['Africa/Casablanca', '2026c'],
	['Africa/El_Aaiun', '2026c'],
	['Europe/Paris', ''],
	['America/New_York', ''],
	['America/St_Johns', ''],
	['Australia/Lord_Howe', ''],
	['Asia/Kathmandu', ''],
	['Pacific/Chatham', '']
])('the pinned runtime agrees on %s', (zone, since) => {
	expect(process.versions.tz! >= since).toBe(true);
	const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
	const { changes } = clockGroups().find(({ zones }) => zones.includes(zone))!;
	const around = changes.flatMap(({ at }) => (at ? [-hour / 60, 0, hour / 60].map((by) => at.getTime() + by) : []));
	const monthly = Array.from({ length: 36 }, (_, month) => Date.UTC(2026, month, 1));
	const differing = [...around.filter((at) => at < Date.UTC(2030, 0)), ...monthly].filter(
		(at) => localTextIn(at, zone).slice(0, 16) !== format.format(at).replace(' ', 'T')
	);
	expect(differing.map((at) => new Date(at).toISOString())).toEqual([]);
});

test('a zone file holds every change with its offset, and no rule for what follows', () => {
	const file = tzif('Africa/Casablanca');
	expect(file.subarray(0, 5).toString()).toBe('TZif2');
	expect(file.subarray(-2).toString()).toBe('\n\n');
	// the change of 20 September 2026, 01:00 UTC, is the last
	const change = Buffer.alloc(8);
	change.writeBigInt64BE(BigInt(Date.UTC(2026, 8, 20, 1) / 1000));
	expect(file.includes(change)).toBe(true);
});

/** Statements that turn local times into instants or back by a server's own zone files. */
function conversions(sql: string): string[] {
	const code = sql.replace(/--.*$/gm, '');
	const found = [
		...code.matchAll(/\bat time zone\s+(?!'UTC')[^\s,;)]+/gi),
		...code.matchAll(/\btimezone\s*\(/gi),
		...code.matchAll(/\b(current_date|current_time|localtime|localtimestamp)\b/gi),
		...code.matchAll(/\b(date_trunc|date_part)\s*\([^()]*(\([^()]*\)[^()]*)*'[A-Z][A-Za-z_]+\/[A-Za-z_]+'/g),
		...code.matchAll(/\b(set|set_config)\b[^;]*\btimezone\b/gi),
		...code.matchAll(/\bnow\(\)::(date|time|timestamp)\b/gi)
	];
	return found.map(([text]) => text);
}

describe('no migration asks a server what a zone’s clocks show', () => {
	const folder = join(root, 'supabase/migrations');
	test.each(readdirSync(folder).filter((name) => name.endsWith('.sql')))('%s', (name) => {
		const allowed = name.endsWith('_clocks.sql') ? ['at time zone one'] : [];
		expect(conversions(readFileSync(join(folder, name), 'utf8'))).toEqual(allowed);
	});

	test('and one that did would be found', () => {
		expect(conversions("select at at time zone p.time_zone, x at time zone 'Europe/Paris'")).toHaveLength(2);
		expect(conversions('select timezone(zone, at), current_date, now()::date')).toHaveLength(3);
		expect(conversions("select at at time zone 'UTC' -- at time zone zone")).toEqual([]);
	});
});

test('nothing of the site or the functions asks its machine what a zone’s clocks show', () => {
	const asking = ['src', 'supabase/functions'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('clocks.ts'))
			.filter((name) => /timeZone:\s*(?!\s|'UTC')/.test(readFileSync(join(root, folder, name), 'utf8')))
	);
	expect(asking).toEqual([]);
});
