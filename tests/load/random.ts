/** Numbers from 0 to 1 (mulberry32): the same seed gives the same ones. */
export function randomFrom(seed: number): () => number {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** Choices by chance, all of one seed. */
export class Dice {
	#random: () => number;

	constructor(seed: number) {
		this.#random = randomFrom(seed);
	}

	/** a whole number from `low` to `high`, both included */
	int(low: number, high: number): number {
		return low + Math.floor(this.#random() * (high - low + 1));
	}

	/** true in `share` of the cases */
	chance(share: number): boolean {
		return this.#random() < share;
	}

	pick<T>(list: readonly T[]): T {
		return list[this.int(0, list.length - 1)]!;
	}

	/** `make` called from `low` to `high` times */
	some<T>(low: number, high: number, make: (n: number) => T): T[] {
		return Array.from({ length: this.int(low, high) }, (_, n) => make(n));
	}
}
