import { expect, test } from 'vitest';
import { daysOf } from './days.ts';

test.each([
	['["2026-11-22 00:00:00","2026-11-24 00:00:00")', { from: '2026-11-22', to: '2026-11-23' }],
	['["2026-11-22 00:00:00","2026-11-23 00:00:00")', { from: '2026-11-22', to: '2026-11-22' }],
	['["2026-11-22 10:00:00","2026-11-23 00:30:00")', { from: '2026-11-22', to: '2026-11-23' }],
	['empty', null],
	[null, null]
])('%s', (period, days) => expect(daysOf(period)).toEqual(days));
