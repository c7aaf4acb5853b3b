import type { Cookies } from '@sveltejs/kit';
import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { schemas } from './schema.ts';
import { steps } from './steps.ts';
import type { Step } from './steps.ts';
import { readWeek, usualWeek } from './week.ts';

/** What was typed so far, by field, as it was typed. */
export type Draft = Record<string, string>;

const name = 'start';
const longest = 320;
const kept = z.object({ account: z.string(), values: z.record(z.string(), z.string()) });

const fieldsOf: Record<Step, string[]> = {
	who: Object.keys(schemas.who.shape),
	// a town that is not in the list is asked for, and no answer of the step
	where: [...Object.keys(schemas.where.shape), 'other_town'],
	service: Object.keys(schemas.service.shape),
	hours: [
		'hours_given',
		...['open', 'opens', 'closes'].flatMap((part) => [1, 2, 3, 4, 5, 6, 7].map((day) => `${part}_${day}`))
	]
};

/**
 * The guided start as far as an account has come. It lives in a cookie, so that it survives a reload, a step back and a
 * detour without anything being written before the end; whoever shares the browser does not get it.
 */
export function readDraft(cookies: Cookies, account: string): Draft {
	try {
		const parsed = kept.parse(JSON.parse(Buffer.from(cookies.get(name) ?? '', 'base64url').toString()));
		return parsed.account === account ? parsed.values : {};
	} catch {
		return {};
	}
}

/** Keeps what a step's form holds, right or wrong, beside what is kept of the others. */
export function keepStep(cookies: Cookies, secure: boolean, account: string, step: Step, form: FormData): Draft {
	const values = readDraft(cookies, account);
	for (const field of fieldsOf[step]) {
		const typed = form.get(field);
		if (typeof typed === 'string') values[field] = typed.slice(0, longest);
		else delete values[field];
	}
	keepDraft(cookies, secure, account, values);
	return values;
}

/** Keeps a whole draft in place of what there was. */
export function keepDraft(cookies: Cookies, secure: boolean, account: string, values: Draft): void {
	const text = Buffer.from(JSON.stringify({ account, values })).toString('base64url');
	cookies.set(name, text, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: 86_400 });
}

export function dropDraft(cookies: Cookies): void {
	cookies.delete(name, { path: '/' });
}

/** What the fields of the week show: what was typed, or the usual week. */
export const weekOf = (draft: Draft): Draft => (draft.hours_given ? draft : { ...usualWeek(), ...draft });

/** What is wrong with a step, by field; empty when nothing is. */
export function problemsOf(step: Step, draft: Draft): Record<string, MessageKey> {
	if (step === 'hours') return readWeek(weekOf(draft)).errors;
	const errors: Record<string, MessageKey> = {};
	for (const issue of schemas[step].safeParse(draft).error?.issues ?? []) {
		errors[String(issue.path[0])] ??= issue.message as MessageKey;
	}
	return errors;
}

/** The first step before the one wished for that is not right yet, or the one wished for. */
export function reachable(wished: Step, draft: Draft): Step {
	return (
		steps.slice(0, steps.indexOf(wished)).find((step) => Object.keys(problemsOf(step, draft)).length > 0) ?? wished
	);
}

/** The step that asks for a field, for a refusal that names it. */
export function stepOf(field: string): Step {
	return steps.find((step) => fieldsOf[step].includes(field)) ?? 'hours';
}
