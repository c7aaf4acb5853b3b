import { copyFileSync, createReadStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

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
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, bytes);
	}

	copy(from: string, to: string): void {
		mkdirSync(dirname(this.#path(to)), { recursive: true });
		copyFileSync(this.#path(from), this.#path(to));
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
