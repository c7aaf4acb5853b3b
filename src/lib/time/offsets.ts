/** From `at` on (milliseconds) a zone's clocks are `ahead` milliseconds ahead of UTC; the first holds for all before too. */
export interface Change {
	at: number;
	ahead: number;
}

const minute = 60_000;

/** A zone's changes as the files hold them: `" 60,2026-03-29T01:00Z 120"`, an instant and minutes each. */
export function changesIn(text: string): Change[] {
	return text.split(',').map((one) => {
		const [at, ahead] = one.split(' ');
		return { at: at ? Date.parse(at) : -Infinity, ahead: Number(ahead) * minute };
	});
}

/** How far clocks are ahead of UTC at an instant, in milliseconds. */
export function aheadAt(changes: readonly Change[], instant: number): number {
	return changes.findLast(({ at }) => at <= instant)!.ahead;
}
