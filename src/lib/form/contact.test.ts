import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { email, mailAddress, phone, phoneNumber } from './contact.ts';

/** What people type, and the form that is kept; null where it is refused. The database is tried with the same table. */
const cases = JSON.parse(
	readFileSync(join(import.meta.dirname, '../../../tests/contact-cases.json'), 'utf8')
) as Record<'phones' | 'emails', [how: string, typed: string, kept: string | null][]>;

describe('a phone number', () => {
	test.each(cases.phones)('%s is read', (_, typed, kept) => expect(phoneNumber(typed)).toBe(kept));

	test.each(['+33123', '+44 20 7946 09580', '+1 212 555 01'])(
		'of another country, %s, has that country’s length',
		(typed) => expect(phoneNumber(typed)).toBeNull()
	);

	test('may be left empty in a form, and one that is refused is told so', () => {
		expect(phone.parse(' ')).toBeNull();
		expect(phone.parse('06 12 34 56 78')).toBe('+212612345678');
		expect(phone.safeParse('123').error?.issues[0]?.message).toBe('errors.field.phone');
	});
});

describe('a mail address', () => {
	test.each(cases.emails)('%s is read', (_, typed, kept) => expect(mailAddress(typed)).toBe(kept));

	test('is wanted in a form, one and whole', () => {
		expect(email.parse(' Amina@Example.com ')).toBe('amina@example.com');
		expect(email.safeParse('').error?.issues[0]?.message).toBe('errors.field.required');
		expect(email.safeParse('a,b@example.com').error?.issues[0]?.message).toBe('errors.field.email');
	});
});
