import type { LocalDate } from '#lib/time/zone.ts';

/** The days that suit who waits, of a period of local times as Postgres writes it; null where it cannot be read. */
export function daysOf(localPeriod: unknown): { from: LocalDate; to: LocalDate } | null {
	const bounds = /^\["?([^",]+)"?,"?([^",]+)"?\)$/.exec(String(localPeriod));
	const [begin, end] = (bounds?.slice(1) ?? []).map((text) => Date.parse(`${text.replace(' ', 'T')}Z`));
	if (!begin || !end) return null;
	const day = (at: number) => new Date(at).toISOString().slice(0, 10);
	return { from: day(begin), to: day(end - 1) };
}
