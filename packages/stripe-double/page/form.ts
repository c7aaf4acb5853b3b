import { isTestCard, validNumber } from '../cards.ts';
import type { Card } from '../checkout.ts';
import type { Words } from './words.ts';

export type FieldName = 'email' | 'number' | 'expiry' | 'cvc' | 'name';

/** What is wrong with each field; none when the form can be paid with. */
export type Mistakes = Partial<Record<FieldName, string>>;

export interface Checked {
	card: Card;
	holder: { email: string; name: string };
	mistakes: Mistakes;
}

/** Reads the card form. `fixedEmail` is the address that the session already has; `now` is in seconds. */
export function checkForm(
	given: Record<string, string>,
	fixedEmail: string | null,
	now: number,
	words: Words
): Checked {
	const field = (name: FieldName) => (given[name] ?? '').trim();
	const holder = { email: fixedEmail ?? field('email'), name: field('name') };
	const number = field('number').replace(/[\s-]/g, '');
	const [, monthText = '', yearText = ''] = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(field('expiry')) ?? [];
	const month = Number(monthText);
	const year = yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText);
	const today = new Date(now * 1000);
	const mistakes: Mistakes = {};

	if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(holder.email)) mistakes.email = words.emailWrong;
	if (number === '') mistakes.number = words.numberMissing;
	else if (!validNumber(number)) mistakes.number = words.numberWrong;
	else if (!isTestCard(number)) mistakes.number = words.numberReal;
	if (month < 1 || month > 12 || yearText === '' || year > today.getUTCFullYear() + 50)
		mistakes.expiry = words.expiryWrong;
	else if (year * 12 + month - 1 < today.getUTCFullYear() * 12 + today.getUTCMonth())
		mistakes.expiry = words.expiryPast;
	if (!new RegExp(`^\\d{${number.startsWith('3') ? 4 : 3}}$`).test(field('cvc'))) mistakes.cvc = words.cvcWrong;
	if (holder.name === '') mistakes.name = words.nameMissing;

	return { card: { number, month, year }, holder, mistakes };
}
