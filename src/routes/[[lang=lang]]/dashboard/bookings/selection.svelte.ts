import { SvelteSet } from 'svelte/reactivity';

/** The rows of a list that are ticked. What is no longer listed is no longer ticked. */
export class Selection {
	readonly #listed: () => string[];
	readonly #ticked = new SvelteSet<string>();

	constructor(listed: () => string[]) {
		this.#listed = listed;
	}

	get count(): number {
		return this.#listed().filter((id) => this.#ticked.has(id)).length;
	}

	/** Setting it ticks all rows or none. */
	get all(): boolean {
		return this.count === this.#listed().length;
	}
	set all(ticked: boolean) {
		this.clear();
		if (ticked) for (const id of this.#listed()) this.#ticked.add(id);
	}

	has(id: string): boolean {
		return this.#ticked.has(id);
	}

	set(id: string, ticked: boolean): void {
		if (ticked) this.#ticked.add(id);
		else this.#ticked.delete(id);
	}

	clear(): void {
		this.#ticked.clear();
	}
}
