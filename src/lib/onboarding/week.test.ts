import { expect, test } from 'vitest';
import { readWeek, usualWeek } from './week.ts';

test('the usual week is Monday to Saturday', () => {
	const { hours, errors } = readWeek(usualWeek());
	expect(errors).toEqual({});
	expect(hours.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6]);
	expect(hours[0]).toEqual({ weekday: 1, opens: '09:00', closes: '19:00' });
});

test('a day may close after midnight, and what a closed day holds does not matter', () => {
	const { hours, errors } = readWeek({ open_5: 'on', opens_5: '19:00', closes_5: '01:00', opens_6: 'x' });
	expect(errors).toEqual({});
	expect(hours).toEqual([{ weekday: 5, opens: '19:00', closes: '01:00' }]);
});

test.each([
	[{}, { hours: 'onboarding.no_day' }],
	[{ open_1: 'on', opens_1: '9:00', closes_1: '18:00' }, { hours_1: 'onboarding.time_wrong' }],
	[{ open_1: 'on', opens_1: '09:00' }, { hours_1: 'onboarding.time_wrong' }],
	[{ open_1: 'on', opens_1: '09:00', closes_1: '24:00' }, { hours_1: 'onboarding.time_wrong' }],
	[{ open_1: 'on', opens_1: '09:00', closes_1: '09:00' }, { hours_1: 'onboarding.time_same' }]
])('%o is refused', (values, expected) => {
	expect(readWeek(values as Record<string, string>).errors).toEqual(expected);
});
