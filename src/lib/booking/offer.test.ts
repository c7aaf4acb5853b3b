import { expect, test } from 'vitest';
import { remembering } from './offer.ts';

const slot = (hour: string) => ({
	starts_at: `2026-11-21T${hour}:00:00+00:00`,
	ends_at: '',
	free: 1,
	local_starts_at: '',
	session_id: null as unknown as string
});

test('what goes while one looks stays in its place, greyed out, until it is free again or one looks elsewhere', () => {
	const offered = remembering();
	const gone = (slots: ReturnType<typeof offered>) => slots.map(({ gone }) => Boolean(gone));
	expect(gone(offered([slot('09'), slot('10')], 'party of two'))).toEqual([false, false]);
	expect(gone(offered([slot('10')], 'party of two'))).toEqual([true, false]);
	expect(gone(offered([slot('09'), slot('10')], 'party of two'))).toEqual([false, false]);
	expect(gone(offered([slot('10')], 'party of four'))).toEqual([false]);
});
