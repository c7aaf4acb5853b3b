import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import moment from 'moment-timezone';
import { release, years } from './source.ts';

interface Type {
	/** seconds ahead of UTC */
	ahead: number;
	name: string;
}

function block(times: bigint[], indexes: number[], types: Type[], size: 4 | 8): Buffer {
	const names = [...new Set(types.map(({ name }) => name))];
	const text = Buffer.from(names.map((name) => `${name}\0`).join(''), 'ascii');
	const header = Buffer.alloc(44);
	header.write('TZif2');
	// no leap seconds, and nothing told of standard and universal time
	[0, 0, 0, times.length, types.length, text.length].forEach((count, n) => header.writeUInt32BE(count, 20 + 4 * n));
	const instants = Buffer.alloc(times.length * size);
	times.forEach((at, n) => {
		if (size === 8) instants.writeBigInt64BE(at, n * 8);
		else instants.writeInt32BE(Number(at), n * 4);
	});
	const kinds = Buffer.alloc(types.length * 6);
	types.forEach(({ ahead, name }, n) => {
		kinds.writeInt32BE(ahead, n * 6);
		kinds.writeUInt8(text.indexOf(`${name}\0`), n * 6 + 5);
	});
	return Buffer.concat([header, instants, Buffer.from(indexes), kinds, text]);
}

/** A zone's clocks, from the first that are known, in the form in which servers keep them (RFC 9636, version 2). */
export function tzif(zone: string): Buffer {
	const { untils, offsets, abbrs } = moment.tz.zone(zone)!;
	const types: Type[] = [];
	const times: bigint[] = [];
	const indexes: number[] = [];
	for (const [n, west] of offsets.entries()) {
		const from = n === 0 ? null : untils[n - 1]!;
		if (from !== null && from >= Date.UTC(years.last + 1, 0, 1)) break;
		const type = { ahead: Math.round(-west * 60), name: abbrs[n]! };
		let index = types.findIndex(({ ahead, name }) => ahead === type.ahead && name === type.name);
		if (index < 0) index = types.push(type) - 1;
		if (from === null) continue;
		times.push(BigInt(Math.round(from / 1000)));
		indexes.push(index);
	}
	// What holds for 32 bits is not read where there are 64; no rule for what comes after.
	return Buffer.concat([block([], [], types.slice(0, 1), 4), block(times, indexes, types, 8), Buffer.from('\n\n')]);
}

/**
 * Gives a Postgres server the clocks that the rows are made of, in place of those it was built with: a server reads its
 * zone files from its own installation. Does nothing where they are there already. Each file is replaced as a whole, since
 * another server may be reading it. Returns whether they are there.
 */
export function installClocks(folder: string): boolean {
	const stamp = join(folder, 'khadamat-release');
	const content = `${release} ${years.first}-${years.last}\n`;
	try {
		if (existsSync(stamp) && readFileSync(stamp, 'utf8') === content) return true;
		const put = (file: string, data: Buffer | string) => {
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(`${file}.${process.pid}`, data, { mode: 0o644 });
			renameSync(`${file}.${process.pid}`, file);
		};
		for (const zone of moment.tz.names()) put(join(folder, zone), tzif(zone));
		put(stamp, content);
		return true;
	} catch {
		// An installation that is not ours to write to: what differs is said at start and in /health.
		return false;
	}
}
