import { AuthError, failed } from './errors.ts';
import type { Challenge } from './flows.ts';
import type { TemplateName } from './mail/mailer.ts';
import { redirectTarget } from './requests.ts';
import type { AuthRequest, Database } from './request.ts';
import type { Auth } from './service.ts';
import { columns, dropToken, hashToken, newCode, pkcePrefix, storeToken } from './tokens.ts';
import type { TokenKind } from './tokens.ts';
import { updateUser } from './users.ts';
import type { User } from './users.ts';

export type LetterName = 'signup' | 'invite' | 'recovery' | 'magiclink' | 'reauthentication';

const letters: Record<LetterName, { kind: TokenKind; template: TemplateName; name: string }> = {
	signup: { kind: 'confirmation', template: 'confirmation', name: 'confirmation' },
	invite: { kind: 'confirmation', template: 'invite', name: 'invite' },
	recovery: { kind: 'recovery', template: 'recovery', name: 'recovery' },
	magiclink: { kind: 'recovery', template: 'magic_link', name: 'magic link' },
	reauthentication: { kind: 'reauthentication', template: 'reauthentication', name: 'reauthentication' }
};

/** The address of the Auth service behind a link in a mail. */
export function verifyLink(auth: Auth, hash: string, type: string, target: string): string {
	return `${auth.url}/verify?${new URLSearchParams({ token: hash, type, redirect_to: target })}`;
}

/** @throws AuthError over_email_send_rate_limit while the last mail of this kind is too recent */
function assertNotTooSoon(auth: Auth, sentAt: Date | null): void {
	const left = sentAt ? sentAt.getTime() + auth.configuration.mailIntervalMs - Date.now() : 0;
	if (left > 0) {
		const message = `For security purposes, you can only request this after ${Math.floor(left / 1000)} seconds.`;
		throw new AuthError(429, 'over_email_send_rate_limit', message);
	}
}

interface Letter {
	name: string;
	template: TemplateName;
	to: string;
	type: string;
	code: string;
	hash: string;
}

async function post(auth: Auth, request: AuthRequest, user: User, letter: Letter, newEmail?: string): Promise<void> {
	const target = redirectTarget(auth, request);
	if (!auth.configuration.autoconfirm) auth.limits.email();
	try {
		await auth.mailer.send(letter.template, letter.to, {
			SiteURL: auth.configuration.siteUrl,
			RedirectTo: target,
			ConfirmationURL: verifyLink(auth, letter.hash, letter.type, target),
			Email: user.email ?? '',
			Token: letter.code,
			TokenHash: letter.hash,
			Data: user.raw_user_meta_data ?? {},
			...(newEmail !== undefined && { NewEmail: newEmail, SendingTo: letter.to })
		});
	} catch (error) {
		throw failed(`Error sending ${letter.name} email`, error);
	}
}

const hashFor = (challenge: Challenge | null, address: string, code: string) =>
	(challenge ? pkcePrefix : '') + hashToken(address, code);

/** Sends a mail with a new code and link, and keeps the code's hash. It is the last thing a transaction does. */
export async function sendLetter(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	user: User,
	type: LetterName,
	challenge: Challenge | null = null
): Promise<void> {
	const { kind, template, name } = letters[type];
	if (type !== 'invite') assertNotTooSoon(auth, user[columns[kind].sent]);
	const to = user.email!;
	const code = newCode(auth.configuration.otpLength);
	const hash = hashFor(challenge, to, code);
	await storeToken(database, user, kind, to, hash);
	if (type === 'invite') await updateUser(database, user, { invited_at: new Date() });
	await post(auth, request, user, { name, template, to, type, code, hash });
}

/** Asks the new address, and with double confirmation the present one too, to agree to the change. */
export async function sendEmailChange(
	auth: Auth,
	database: Database,
	request: AuthRequest,
	user: User,
	newEmail: string,
	challenge: Challenge | null = null
): Promise<void> {
	assertNotTooSoon(auth, user.email_change_sent_at);
	await updateUser(database, user, { email_change: newEmail, email_change_confirm_status: 0 });
	const recipients: [TokenKind, string][] = [['email_change_new', newEmail]];
	if (auth.configuration.doubleConfirm && user.email) recipients.push(['email_change_current', user.email]);
	else await dropToken(database, user, 'email_change_current');
	const common = { name: 'email change', template: 'email_change', type: 'email_change' } as const;
	for (const [kind, to] of recipients) {
		const code = newCode(auth.configuration.otpLength);
		const hash = hashFor(challenge, to, code);
		await storeToken(database, user, kind, to, hash);
		await post(auth, request, user, { ...common, to, code, hash }, newEmail);
	}
}
