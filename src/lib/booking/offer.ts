import type { Slot } from './queries.ts';

/** A slot on screen. `gone`: somebody took it while one looked. */
export type OfferedSlot = Slot & { gone?: boolean };

const keyOf = (slot: Slot) => slot.session_id ?? slot.starts_at;

/**
 * Remembers what was on offer, so that what goes is greyed out where it stood instead of vanishing under the finger. Call
 * what it returns with each new list; another `scope` (other days, another party) begins anew.
 */
export function remembering(): (slots: Slot[], scope: string) => OfferedSlot[] {
	let present: string | undefined;
	const seen = new Map<string, Slot>();
	return (slots, scope) => {
		if (scope !== present) seen.clear();
		present = scope;
		const free = new Set(slots.map(keyOf));
		for (const slot of slots) seen.set(keyOf(slot), slot);
		return [...seen.values()]
			.map((slot) => (free.has(keyOf(slot)) ? slot : { ...slot, gone: true }))
			.toSorted((a, b) => a.starts_at.localeCompare(b.starts_at));
	};
}
