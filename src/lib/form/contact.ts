import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';
import type { MessageKey } from '#lib/i18n/messages.ts';
import { required } from './schema.ts';

// The rules are the database's (private.phone, private.email), which keeps nothing in another form; here they are for
// sentences beside the field. tests/contact-cases.json is tried on both.

/** Text as it was meant: full width and ligatures in the usual forms, without the invisible marks that copying brings. */
function visible(typed: string): string {
	return typed
		.normalize('NFKC')
		.replace(/[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g, '');
}

/** A phone number in E.164 (`+212612345678`), or null for what is none. Without a country's code it is a Moroccan one. */
export function phoneNumber(typed: string): string | null {
	const text = visible(typed)
		.trim()
		.replace(/^tel:/i, '')
		// what people part digits with; anything else is no number, or two
		.replace(/[\s()./\u2010-\u2015\u2212-]+/g, ' ');
	if (!/^[+\d٠-٩۰-۹ ]+$/.test(text)) return null;
	const number = parsePhoneNumberFromString(text.replace(/^ ?00/, '+'), { defaultCountry: 'MA', extract: false });
	return number?.isValid() && /^\+\d{8,15}$/.test(number.number) ? number.number : null;
}

const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainForm = /^[\p{L}\p{M}\p{N}-]{1,63}(\.[\p{L}\p{M}\p{N}-]{1,63})+$/u;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** A mail address in lower case with its domain in ASCII (punycode), or null for what none can be. */
export function mailAddress(typed: string): string | null {
	const address = visible(typed).trim().toLowerCase();
	const [name = '', domain = '', ...more] = address.split('@');
	if (more.length > 0 || address.length > 254 || name.length > 64 || !dotAtom.test(name) || !domainForm.test(domain)) {
		return null;
	}
	if (!URL.canParse(`http://${domain}`)) return null;
	const { hostname } = new URL(`http://${domain}`);
	const kept = `${name}@${hostname}`;
	return asciiDomain.test(hostname) && kept.length <= 254 ? kept : null;
}

/** A field for a phone number that may be left empty: E.164, or null. */
export const phone = z
	.string()
	.default('')
	.transform((typed, context) => {
		if (visible(typed).trim() === '') return null;
		const number = phoneNumber(typed);
		if (number) return number;
		context.addIssue({ code: 'custom', message: 'errors.field.phone' satisfies MessageKey });
		return z.NEVER;
	});

/** A field for a mail address, in its normal form. */
export const email = z
	.string(required)
	.trim()
	.min(1, required)
	.transform((typed, context) => {
		const address = mailAddress(typed);
		if (address) return address;
		context.addIssue({ code: 'custom', message: 'errors.field.email' satisfies MessageKey });
		return z.NEVER;
	});
