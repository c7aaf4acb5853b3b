import { Hono } from 'hono';
import type { Env } from '../../service.ts';
import { audit } from '../audit.ts';
import { AuthError, invalid } from '../errors.ts';
import { readChallenge, startFlow } from '../flows.ts';
import { sendEmailChange, sendLetter } from '../letters.ts';
import { unknownPassword } from '../passwords.ts';
import { object, readBody, readEmail, text } from '../requests.ts';
import type { Body } from '../requests.ts';
import type { AuthRequest } from '../request.ts';
import type { Auth } from '../service.ts';
import { findUser, isConfirmed } from '../users.ts';
import { register } from './signup.ts';

/** Sends a link and code that sign in. An unknown address is registered first, and gets the mail that confirms it. */
async function sendMagicLink(auth: Auth, request: AuthRequest, body: Body): Promise<Response> {
	const { configuration } = auth;
	if (!configuration.email) throw new AuthError(422, 'email_provider_disabled', 'Email logins are disabled');
	const email = readEmail(text(body, 'email'));
	const challenge = readChallenge(body);
	let user = await findUser(auth.database, { email });
	if (!user || !isConfirmed(user)) {
		if (!configuration.signup) throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
		const made = await register(auth, request, {
			email,
			password: unknownPassword(),
			data: object(body, 'data') ?? {},
			challenge
		});
		if (!configuration.autoconfirm) return request.json({});
		user = made.user;
	}
	const known = user;
	await auth.transaction(async (database) => {
		await audit(database, request, known, 'user_recovery_requested');
		if (challenge) await startFlow(database, known, 'magiclink', challenge);
		await sendLetter(auth, database, request, known, 'magiclink', challenge);
	});
	return request.json({});
}

async function sendOtp(auth: Auth, request: AuthRequest): Promise<Response> {
	const body = await readBody(request);
	const [email, phone] = [text(body, 'email'), text(body, 'phone')];
	if (email !== '' && phone !== '') throw invalid('Only an email address or phone number should be provided');
	if (email !== '' && text(body, 'channel') !== '') throw invalid('Channel should only be specified with Phone OTP');
	if (phone !== '') throw new AuthError(400, 'phone_provider_disabled', 'Unsupported phone provider');
	if (email === '') throw invalid('One of email or phone must be set');
	if (body.create_user === false && !(await findUser(auth.database, { email: readEmail(email) }))) {
		throw new AuthError(422, 'otp_disabled', 'Signups not allowed for otp');
	}
	return sendMagicLink(auth, request, body);
}

/** Answers the same whether or not the address is known. */
async function recover(auth: Auth, request: AuthRequest): Promise<Response> {
	const body = await readBody(request);
	if (text(body, 'email') === '') throw invalid('Password recovery requires an email');
	const email = readEmail(text(body, 'email'));
	const challenge = readChallenge(body);
	const user = await findUser(auth.database, { email });
	if (user) {
		await auth.transaction(async (database) => {
			await audit(database, request, user, 'user_recovery_requested');
			if (challenge) await startFlow(database, user, 'recovery', challenge);
			await sendLetter(auth, database, request, user, 'recovery', challenge);
		});
	}
	return request.json({});
}

/** Sends a pending mail again; answers the same when nothing is pending. */
async function resend(auth: Auth, request: AuthRequest): Promise<Response> {
	const body = await readBody(request);
	const type = text(body, 'type');
	if (!['signup', 'email_change', 'sms', 'phone_change'].includes(type)) {
		throw invalid('Missing one of these types: signup, email_change, sms, phone_change');
	}
	if (text(body, 'email') === '') {
		if (type === 'signup') throw invalid('Type provided requires an email address');
		if (text(body, 'phone') === '') throw invalid('Missing email address or phone number');
		throw new AuthError(400, 'phone_provider_disabled', 'Phone logins are disabled');
	}
	const email = readEmail(text(body, 'email'));
	const challenge = readChallenge(body);
	const user = await findUser(auth.database, { email });
	if (user && type === 'signup' && !isConfirmed(user)) {
		await auth.transaction(async (database) => {
			await audit(database, request, user, 'user_confirmation_requested');
			if (challenge) await startFlow(database, user, 'email/signup', challenge);
			await sendLetter(auth, database, request, user, 'signup', challenge);
		});
	}
	if (user && type === 'email_change' && user.email_change !== '') {
		await auth.transaction(async (database) => {
			if (challenge) await startFlow(database, user, 'email_change', challenge);
			await sendEmailChange(auth, database, request, user, user.email_change, challenge);
		});
	}
	return request.json({});
}

/** POST /otp, /magiclink, /recover, /resend: what sends a mail to an address without being signed in. */
export function mails(auth: Auth): Hono<Env> {
	return new Hono<Env>()
		.post('/otp', (request) => sendOtp(auth, request))
		.post('/magiclink', async (request) => sendMagicLink(auth, request, await readBody(request)))
		.post('/recover', (request) => recover(auth, request))
		.post('/resend', (request) => resend(auth, request));
}
