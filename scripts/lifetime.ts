/** Raised inside a command that was asked to stop. */
class Interrupted extends Error {}

/** A second Ctrl-C counts only after this many milliseconds: npm passes on the first one a second time. */
const repeatAfter = 1000;

/** What a command has started, and whether it was asked to stop. */
export class Lifetime {
	#stops: (() => Promise<void> | void)[] = [];
	#controller = new AbortController();

	/** aborted by Ctrl-C, SIGTERM, or the end of the process that started this one */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Has `stop` called at the end, before those that were given earlier. */
	defer(stop: () => Promise<void> | void): void {
		this.#stops.push(stop);
	}

	/** Waits for something that can be closed and has it closed at the end. */
	async own<T extends { close(): Promise<void> }>(made: Promise<T>): Promise<T> {
		const thing = await made;
		this.defer(() => thing.close());
		this.check();
		return thing;
	}

	interrupt(): void {
		this.#controller.abort();
	}

	/** Raises Interrupted when the command was asked to stop: called between two steps. */
	check(): void {
		if (this.signal.aborted) throw new Interrupted();
	}

	/** Resolves when the command is asked to stop. */
	untilInterrupted(): Promise<void> {
		return new Promise((resolve) => {
			if (this.signal.aborted) return resolve();
			this.signal.addEventListener('abort', () => resolve(), { once: true });
			// A pending promise alone does not keep a process alive.
			const stay = setInterval(() => {}, 2 ** 30);
			this.signal.addEventListener('abort', () => clearInterval(stay), { once: true });
		});
	}

	async close(): Promise<void> {
		for (const stop of this.#stops.splice(0).reverse()) await stop();
	}
}

/**
 * Runs a command and stops whatever it started, however it ends. The first Ctrl-C stops in order, another one at once.
 * Resolves to the command's exit code, or to `interruptedCode` when it was asked to stop.
 */
export async function withLifetime(
	command: (lifetime: Lifetime) => Promise<number>,
	interruptedCode: number
): Promise<number> {
	const lifetime = new Lifetime();
	let since = 0;
	const stop = () => {
		if (since === 0) {
			since = Date.now();
			lifetime.interrupt();
		} else if (Date.now() - since > repeatAfter) {
			process.exit(130);
		}
	};
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
	process.on('disconnect', stop);
	process.channel?.unref();
	try {
		return await command(lifetime);
	} catch (error) {
		// A step that fails while everything is being stopped fails because of that.
		if (lifetime.signal.aborted) return interruptedCode;
		throw error;
	} finally {
		await lifetime.close();
	}
}
