/** A start as the database tells it: an instant, and what the provider's clocks show then. */
interface Start {
	starts_at: string;
	local_starts_at: string;
}

/** How far the provider's clocks are ahead of UTC at a start: UTC, UTC+2, UTC−3:30. */
export function offsetText({ starts_at, local_starts_at }: Start): string {
	const minutes = Math.round((Date.parse(`${local_starts_at}Z`) - Date.parse(starts_at)) / 60_000);
	if (minutes === 0) return 'UTC';
	const rest = Math.abs(minutes) % 60;
	const hours = Math.floor(Math.abs(minutes) / 60);
	return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest > 0 ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

/** The local times that several of these starts show, as on the night on which clocks are put back. */
export function repeatedTimes(starts: Start[]): Set<string> {
	const seen = new Set<string>();
	return new Set(
		starts.flatMap(({ local_starts_at }) => {
			if (seen.has(local_starts_at)) return [local_starts_at];
			seen.add(local_starts_at);
			return [];
		})
	);
}
