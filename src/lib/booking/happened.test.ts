import { expect, test } from 'vitest';
import { happened } from './happened.ts';

test.each([
	['what the system did', 'system', 'paid', null, 'dashboard.event.paid'],
	['a time that the clocks have taken', 'system', 'rescheduled', null, 'dashboard.event.moved'],
	['another time', 'customer', 'rescheduled', '2030-01-01T10:00:00Z', 'dashboard.event.moved'],
	['another number of people', 'provider', 'rescheduled', null, 'dashboard.event.rescheduled'],
	['work whose code was told', 'provider', 'code', null, 'dashboard.event.code'],
	['what somebody wrote', 'customer', 'Je suis malade', null, { written: 'Je suis malade' }],
	['what somebody wrote as if it were ours', 'customer', 'paid', null, { written: 'paid' }]
])('a history says %s', (_, actor, reason, moved_from, said) => {
	expect(happened({ actor, reason, moved_from })).toEqual(said);
});
