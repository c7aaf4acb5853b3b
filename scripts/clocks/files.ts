import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../settings.ts';
import { clockGroups, minuteOf, release, years } from './source.ts';
import type { Group } from './source.ts';

/** What the command writes: the rows of the database, the same for the site, and for browsers the platform's own zone. */
export const files = {
	rows: join(root, 'supabase/migrations/20260101000950_clock_rows.sql'),
	site: join(root, 'src/lib/time/offsets.json'),
	platform: join(root, 'src/lib/time/offsets-platform.json')
};

const width = 118;

/** Items in lines of a readable width, each after an indent. */
function wrapped(items: string[], indent: string): string {
	const lines: string[] = [];
	for (const item of items) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 2 + item.length <= width) lines[lines.length - 1] = `${last}, ${item}`;
		else lines.push(`${indent}${item}`);
	}
	return lines.join(',\n');
}

const quoted = (text: string) => `"${text}"`;

/** The rows as the argument of `private.load_clocks`. */
function rowsOf(groups: Group[]): string {
	const one = ({ zones, changes }: Group) =>
		[
			'{"zones": [',
			wrapped(zones.map(quoted), '  '),
			'], "at": [',
			wrapped(
				changes.map(({ at }) => quoted(at ? minuteOf(at) : '-infinity')),
				'  '
			),
			'], "ahead": [',
			wrapped(
				changes.map(({ ahead }) => String(ahead)),
				'  '
			),
			']}'
		].join('\n');
	return `[\n${groups.map(one).join(',\n')}\n]`;
}

const asText = ({ changes }: Group) => changes.map(({ at, ahead }) => `${at ? minuteOf(at) : ''} ${ahead}`).join();
const json = (value: unknown) => `${JSON.stringify(value, null, '\t')}\n`;

/** The content of each file, of the pinned package as it is. */
export function contents(): Record<keyof typeof files, string> {
	const groups = clockGroups();
	const platform = groups.find(({ zones }) => zones.includes('Africa/Casablanca'))!;
	return {
		rows: [
			'-- Made by "npm run clocks" from the pinned package moment-timezone; not to be edited by hand.',
			`-- The clocks of all zones from ${years.first} to ${years.last}, of IANA's release ${release}: see private.clock_changes.`,
			`select private.load_clocks('${release}', $clocks$`,
			rowsOf(groups),
			'$clocks$);',
			''
		].join('\n'),
		site: json({
			release,
			groups: groups.map((group) => ({ zones: group.zones.join(' '), changes: asText(group) }))
		}),
		platform: json({ release, changes: asText(platform) })
	};
}

/** The release that the written rows come from; null where there are none. */
export function writtenRelease(): string | null {
	try {
		return /load_clocks\('(\w+)'/.exec(readFileSync(files.rows, 'utf8'))?.[1] ?? null;
	} catch {
		return null;
	}
}

export function write(): void {
	for (const [name, content] of Object.entries(contents())) writeFileSync(files[name as keyof typeof files], content);
}
