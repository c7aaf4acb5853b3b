import { expect, test } from 'vitest';
import { paymentProblem } from './status.ts';

test.each([
	['insufficient_funds', 'insufficient_funds'],
	['generic_decline', 'card_declined'],
	['card_declined', 'card_declined']
])('%s is said as %s', (code, sentence) => {
	expect(paymentProblem(code)).toBe(sentence);
});
