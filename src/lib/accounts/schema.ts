import { z } from 'zod';
import { email, phone } from '#lib/form/contact.ts';
import { asName, required, rowId, say } from '#lib/form/schema.ts';
import { languages } from '#lib/i18n/languages.ts';

/** Other companies whose accounts open ours. */
export const methods = ['google', 'facebook'] as const;
export type Method = (typeof methods)[number];

const fullName = asName(z.string(required).trim().min(1, required).max(120, say('errors.field.too_long')));

/** bcrypt looks at 72 bytes; Auth refuses more. */
const newPassword = z
	.string(required)
	.min(8, say('errors.field.password_short'))
	.refine((password) => new TextEncoder().encode(password).length <= 72, say('errors.field.too_long'));

/** What is chosen by who has proven the address. */
export const welcomeSchema = z.object({ full_name: fullName, password: newPassword });
/** What CaptchaField was answered; Auth looks at it, where it is told to. */
const captcha = z.string().max(8000).optional();
export const signInSchema = z.object({ email, password: z.string(required).min(1, required), captcha });
/** What asks for a link by mail. */
export const emailSchema = z.object({ email, captcha });
export const resetPasswordSchema = z.object({ password: newPassword });

export const profileSchema = z.object({
	full_name: fullName,
	phone,
	language: z.enum(languages, say('errors.field.choice'))
});
export type ProfileInput = z.output<typeof profileSchema>;

/** Six digits as authenticator apps show them, often in two groups; Arabic keyboards may write ٠١٢٣. */
const oneTimeCode = z
	.string(required)
	.transform((typed) =>
		typed.replace(/\s/g, '').replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - '٠'.charCodeAt(0)))
	)
	.pipe(
		z
			.string()
			.min(1, required)
			.regex(/^\d{6}$/, say('errors.field.one_time_code'))
	);

const deviceName = z.string(required).trim().min(1, required).max(60, say('errors.field.too_long'));

export const oneTimeCodeSchema = z.object({ code: oneTimeCode });
export const recoveryCodeSchema = z.object({
	code: z.string(required).trim().min(1, required).max(60, say('errors.field.too_long'))
});
export const newFactorSchema = z.object({ name: deviceName });
export const provenFactorSchema = z.object({
	factor: rowId,
	/** given back, so that a wrong code shows the same picture again */
	uri: z.string().regex(/^otpauth:\/\/totp\/[\x21-\x7e]{1,980}$/, say('errors.invalid_input')),
	code: oneTimeCode
});
export const endSessionSchema = z.object({ id: rowId });
export const changePasswordSchema = z.object({ current_password: z.string().default(''), password: newPassword });
export const changeEmailSchema = z.object({ email });
export const methodSchema = z.object({ provider: z.enum(methods, say('errors.invalid_input')) });
/** What proves once more who is there. */
export const passwordSchema = z.object({ password: z.string(required).min(1, required), captcha });
/** Whoever deletes an account types its address. */
export const deleteAccountSchema = z.object({ email });
