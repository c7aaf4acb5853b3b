import type { Context } from '../platform.ts';

/** Stands where the service will be. It listens on ports of its own, so it gives back only how to stop it. */
export async function createStudio(_context: Context): Promise<{ close(): Promise<void> }> {
	return { close: async () => {} };
}
