import type { ActionResult } from '$app/forms';
import { expect, test } from 'vitest';
import { unanswered } from './unanswered.ts';

const lost = (status: number) => ({ type: 'error', error: { message: '', status } }) as ActionResult;

test.each<[string, ActionResult, boolean]>([
	['a fetch that failed', lost(500), true],
	['a proxy that found no site behind it', lost(502), true],
	['a body that a proxy found too large', lost(413), false],
	['an error that the action itself came to', { ...lost(500), status: 500, location: '/' } as ActionResult, false],
	['a refusal', { type: 'failure', status: 422, location: '/' }, false],
	['success', { type: 'success', status: 200, location: '/' }, false],
	['another page', { type: 'redirect', status: 303, location: '/' }, false]
])('%s', (_, result, expected) => expect(unanswered(result)).toBe(expected));
