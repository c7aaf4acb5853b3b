import { expect, test } from 'vitest';
import { defaultZone } from '#lib/time/zone.ts';
import { daysOf } from './days.ts';

test.each([
	['["2026-11-21 23:00:00+00","2026-11-23 23:00:00+00")', { from: '2026-11-22', to: '2026-11-23' }],
	['["2026-11-22 00:00:00+01","2026-11-23 00:00:00+01")', { from: '2026-11-22', to: '2026-11-22' }],
	['[2026-11-21T23:00:00Z,2026-11-22T23:00:00Z)', { from: '2026-11-22', to: '2026-11-22' }],
	['empty', null],
	[null, null]
])('%s', (period, days) => expect(daysOf(period, defaultZone)).toEqual(days));
