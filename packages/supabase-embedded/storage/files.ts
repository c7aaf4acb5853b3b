import { copyFileSync, createReadStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { StorageError } from './errors.ts';

/** Does what needs room on the disk. Raises InsufficientStorage (507) where there is none. */
function filling(work: () => void): void {
	try {
		work();
	} catch (error) {
		const { code = '' } = error as { code?: string };
		if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) throw error;
		throw new StorageError(
			507,
			'InsufficientStorage',
			'There is no room left to store the file',
			'insufficient_storage'
		);
	}
}

/**
 * The bytes of objects, each in a file named by its version alone: what people call their files never becomes a path.
 */
export class Files {
	#folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	#path(version: string): string {
		if (!/^[0-9a-f-]{36}$/.test(version)) throw new Error(`${version} is not a version`);
		return join(this.#folder, version.slice(0, 2), version);
	}

	write(version: string, bytes: Uint8Array): void {
		const path = this.#path(version);
		filling(() => {
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, bytes, { mode: 0o600 });
		});
	}

	copy(from: string, to: string): void {
		filling(() => {
			mkdirSync(dirname(this.#path(to)), { recursive: true });
			copyFileSync(this.#path(from), this.#path(to));
		});
	}

	has(version: string): boolean {
		return existsSync(this.#path(version));
	}

	/** The bytes from `start` to `end`, both included. */
	read(version: string, start: number, end: number): Readable {
		return createReadStream(this.#path(version), { start, end });
	}

	remove(versions: string[]): void {
		for (const version of versions) rmSync(this.#path(version), { force: true });
	}
}
