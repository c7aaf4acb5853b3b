import { describe, expect, test } from 'vitest';
import { follow, mailsTo, mailTo, pause } from '../testing/mails.ts';
import { account, database, newEmail, password, project, service, visitor } from '../testing/project.ts';

const pkce = () => visitor({ auth: { flowType: 'pkce' } });
const welcome = 'http://localhost:3000/fr/welcome?from=mail';

async function unconfirmed(name: string, options: { emailRedirectTo?: string; data?: object } = {}) {
	const email = newEmail(name);
	const client = visitor();
	await client.auth.signUp({ email, password, options });
	return { email, client, mail: await mailTo(email) };
}

/** A code as Auth makes it beside each link; none of our mails says it. */
async function newCode(
	link: Parameters<ReturnType<typeof service>['auth']['admin']['generateLink']>[0]
): Promise<string> {
	const { data, error } = await service().auth.admin.generateLink(link);
	if (error) throw error;
	return data.properties.email_otp;
}

/** Pretends that what was sent to an address was sent so long ago. */
async function age(email: string, by: string): Promise<void> {
	const sql = database();
	await sql`
		update auth.users
		set confirmation_sent_at = confirmation_sent_at - ${by}::interval, recovery_sent_at = recovery_sent_at - ${by}::interval
		where email = ${email}`;
	await sql.end();
}

describe.skipIf(!project.mailUrl)('the mail that confirms an address', () => {
	test('leads to the site with a token for any device, and knows where to go next', async () => {
		const { mail } = await unconfirmed('device', { emailRedirectTo: welcome });
		expect(mail.link.href).toContain(`${project.siteUrl}/auth/confirm?`);
		expect(mail.link.searchParams.get('type')).toBe('email');
		expect(mail.link.searchParams.get('next')).toBe(welcome);
	});

	test('goes to the site alone when the address to go to is not allowed', async () => {
		const { mail } = await unconfirmed('stray', { emailRedirectTo: 'https://evil.example/' });
		expect(mail.link.searchParams.get('next')).toBe(project.siteUrl);
	});

	test('confirms by its link', async () => {
		const { mail, email } = await unconfirmed('by-link');
		const { data, error } = await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'email' });
		expect(error).toBeNull();
		expect(data.session).not.toBeNull();
		expect(data.user!.email_confirmed_at).toBeTruthy();
		expect(data.user!.user_metadata.email_verified).toBe(true);
		expect((await visitor().auth.signInWithPassword({ email, password })).error).toBeNull();
	});

	test('says no code that could be typed in, or read out to somebody', async () => {
		const { mail, email } = await unconfirmed('no-code');
		await visitor().auth.resetPasswordForEmail(email);
		for (const { html } of [mail, await mailTo(email, 2)]) {
			expect(html.replaceAll(/<[^>]*>/g, '').replaceAll(email, '')).not.toMatch(/\d{4}/);
		}
	});

	test('has a code behind it, of ten digits, which confirms too', async () => {
		const { email } = await unconfirmed('by-code');
		const code = await newCode({ type: 'signup', email, password });
		expect(code).toMatch(/^\d{10}$/);
		const { data, error } = await visitor().auth.verifyOtp({ email, token: code, type: 'email' });
		expect(error).toBeNull();
		expect(data.user!.email).toBe(email);
	});

	test('works once', async () => {
		const { mail } = await unconfirmed('once');
		await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'email' });
		expect((await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'email' })).error).toMatchObject({
			code: 'otp_expired',
			status: 403
		});
	});

	test('works once even for two at the same moment', async () => {
		const { mail } = await unconfirmed('race');
		const answers = await Promise.all(
			[1, 2, 3].map(() => visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'email' }))
		);
		expect(answers.filter(({ error }) => error === null)).toHaveLength(1);
	});

	test('is worth nothing with a wrong code', async () => {
		const { email } = await unconfirmed('guess');
		const code = await newCode({ type: 'signup', email, password });
		const wrong = code === '0000000000' ? '0000000001' : '0000000000';
		expect((await visitor().auth.verifyOtp({ email, token: wrong, type: 'email' })).error).toMatchObject({
			code: 'otp_expired',
			status: 403
		});
	});

	test('is worth nothing to another address', async () => {
		const [one, other] = await Promise.all([unconfirmed('mine'), unconfirmed('yours')]);
		const code = await newCode({ type: 'signup', email: one.email, password });
		expect((await visitor().auth.verifyOtp({ email: other.email, token: code, type: 'email' })).error?.code).toBe(
			'otp_expired'
		);
	});

	test('ends after its time', async () => {
		const { mail, email } = await unconfirmed('late');
		await age(email, '11 minutes');
		expect((await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'email' })).error?.code).toBe(
			'otp_expired'
		);
	});

	test('is not kept in a form that could be used', async () => {
		const { email } = await unconfirmed('stored');
		const code = await newCode({ type: 'signup', email, password });
		const sql = database();
		const [row] = await sql`select * from auth.users where email = ${email}`;
		await sql.end();
		expect(JSON.stringify(row)).not.toContain(code);
	});

	test('is sent again on request, and the first one ends', async () => {
		const { mail, email } = await unconfirmed('again');
		await pause();
		expect((await visitor().auth.resend({ type: 'signup', email })).error).toBeNull();
		const second = await mailTo(email, 2);
		expect(second.tokenHash).not.toBe(mail.tokenHash);
		expect((await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'email' })).error?.code).toBe(
			'otp_expired'
		);
		expect((await visitor().auth.verifyOtp({ token_hash: second.tokenHash, type: 'email' })).error).toBeNull();
	});

	test('speaks French, Arabic from right to left, or English', async () => {
		const [fr, ar, en] = await Promise.all([
			unconfirmed('fr'),
			unconfirmed('ar', { data: { language: 'ar' } }),
			unconfirmed('en', { data: { language: 'en' } })
		]);
		expect(fr.mail.subject).toBe('Confirmez votre adresse');
		expect(ar.mail.html).toContain('dir="rtl"');
		expect(ar.mail.subject).toBe('أكّد بريدك');
		expect(en.mail.subject).toBe('Confirm your address');
	});
});

describe.skipIf(!project.mailUrl)('a link of the service itself', () => {
	test('leads back with a session in the fragment', async () => {
		const { mail } = await unconfirmed('implicit');
		const url = await follow(mail.tokenHash, 'signup');
		expect(url.origin + url.pathname).toBe('http://localhost:3000/done');
		const values = new URLSearchParams(url.hash.slice(1));
		expect(values.get('token_type')).toBe('bearer');
		expect((await visitor().auth.getUser(values.get('access_token')!)).error).toBeNull();
	});

	test('leads back with an error in the fragment when it is spent', async () => {
		const { mail } = await unconfirmed('spent');
		await follow(mail.tokenHash, 'signup');
		const values = new URLSearchParams((await follow(mail.tokenHash, 'signup')).hash.slice(1));
		expect(Object.fromEntries(values)).toMatchObject({ error: 'access_denied', error_code: 'otp_expired' });
	});

	test('never leads to a place that is not allowed', async () => {
		const url = await follow('made-up', 'signup', 'https://evil.example/');
		expect(url.origin).toBe(project.siteUrl);
	});

	test('leads back with a code that only the browser that asked can trade', async () => {
		const email = newEmail('pkce');
		const client = pkce();
		await client.auth.signUp({ email, password });
		const { tokenHash } = await mailTo(email);
		const url = await follow(tokenHash, 'signup');
		const code = url.searchParams.get('code')!;
		expect(url.hash).toBe('');

		const stranger = await fetch(`${project.url}/auth/v1/token?grant_type=pkce`, {
			method: 'POST',
			headers: { apikey: project.publishableKey, 'content-type': 'application/json' },
			body: JSON.stringify({ auth_code: code, code_verifier: 'x'.repeat(56) })
		});
		expect(stranger.status).toBe(400);
		expect(await stranger.json()).toMatchObject({ error_code: 'bad_code_verifier' });

		const { data, error } = await client.auth.exchangeCodeForSession(code);
		expect(error).toBeNull();
		expect(data.user!.email).toBe(email);
		expect((await client.auth.getUser()).data.user!.email).toBe(email);
	});

	test('gives a code that can be traded once', async () => {
		const { email } = await account('trade');
		const client = pkce();
		await client.auth.signInWithOtp({ email });
		const code = (await follow((await mailTo(email)).tokenHash, 'magiclink')).searchParams.get('code')!;
		const headers = { apikey: project.publishableKey, 'content-type': 'application/json' };
		expect((await client.auth.exchangeCodeForSession(code)).error).toBeNull();
		const again = await fetch(`${project.url}/auth/v1/token?grant_type=pkce`, {
			method: 'POST',
			headers,
			body: JSON.stringify({ auth_code: code, code_verifier: 'x'.repeat(56) })
		});
		expect(again.status).toBe(404);
		expect(await again.json()).toMatchObject({ error_code: 'flow_state_not_found' });
	});

	test('puts the error in the query too in the PKCE flow', async () => {
		const url = await follow('pkce_made-up', 'signup');
		expect(url.searchParams.get('error_code')).toBe('otp_expired');
	});
});

describe.skipIf(!project.mailUrl)('a forgotten password', () => {
	test('is replaced through the mail', async () => {
		const { email } = await account('forgetful');
		expect(
			(await visitor().auth.resetPasswordForEmail(email, { redirectTo: 'http://localhost:3000/new-password' })).error
		).toBeNull();
		const mail = await mailTo(email);
		expect(mail.link.searchParams.get('type')).toBe('recovery');
		const client = visitor();
		expect((await client.auth.verifyOtp({ token_hash: mail.tokenHash, type: 'recovery' })).error).toBeNull();
		expect((await client.auth.updateUser({ password: 'remembered at last' })).error).toBeNull();
		expect((await visitor().auth.signInWithPassword({ email, password: 'remembered at last' })).error).toBeNull();
	});

	test('answers the same for an address nobody has, and sends nothing', async () => {
		const email = newEmail('nobody');
		expect(await visitor().auth.resetPasswordForEmail(email)).toEqual({ data: {}, error: null });
		expect(await visitor().auth.resend({ type: 'signup', email })).toMatchObject({ error: null });
		expect(await mailsTo(email)).toBe(0);
	});

	test('sends one mail at a time', async () => {
		const { email } = await account('impatient');
		await visitor().auth.resetPasswordForEmail(email);
		expect((await visitor().auth.resetPasswordForEmail(email)).error).toMatchObject({
			code: 'over_email_send_rate_limit',
			status: 429
		});
		expect(await mailsTo(email)).toBe(1);
	});

	test('ends the links on their way once the password is changed', async () => {
		const { email, client } = await account('quick');
		await visitor().auth.resetPasswordForEmail(email);
		const mail = await mailTo(email);
		await client.auth.updateUser({ password: 'changed meanwhile', current_password: password });
		expect((await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'recovery' })).error?.code).toBe(
			'otp_expired'
		);
	});
});

describe.skipIf(!project.mailUrl)('a link to sign in', () => {
	test('signs in without a password', async () => {
		const { email, id } = await account('magic');
		expect((await visitor().auth.signInWithOtp({ email })).error).toBeNull();
		const mail = await mailTo(email);
		const { data } = await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'magiclink' });
		expect(data.user!.id).toBe(id);
	});

	test('registers a new address', async () => {
		const email = newEmail('newcomer');
		await visitor().auth.signInWithOtp({ email, options: { data: { full_name: 'New' } } });
		const { tokenHash } = await mailTo(email);
		const { data, error } = await visitor().auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
		expect(error).toBeNull();
		expect(data.user!.user_metadata.full_name).toBe('New');
	});

	test('registers nobody when asked not to', async () => {
		const email = newEmail('stranger');
		const { error } = await visitor().auth.signInWithOtp({ email, options: { shouldCreateUser: false } });
		expect(error).toMatchObject({ code: 'otp_disabled', status: 422 });
	});

	test('is refused to a banned account', async () => {
		const { email, id } = await account('banned-link');
		await visitor().auth.signInWithOtp({ email });
		const mail = await mailTo(email);
		await service().auth.admin.updateUserById(id, { ban_duration: '1h' });
		expect((await visitor().auth.verifyOtp({ token_hash: mail.tokenHash, type: 'magiclink' })).error?.code).toBe(
			'user_banned'
		);
	});
});

describe.skipIf(!project.mailUrl)('a change of address', () => {
	test('needs the consent of both addresses', async () => {
		const { client, email, id } = await account('mover');
		const newAddress = newEmail('moved');
		const { data } = await client.auth.updateUser({ email: newAddress });
		expect(data.user).toMatchObject({ email, new_email: newAddress });
		const [toOld, toNew] = await Promise.all([mailTo(email), mailTo(newAddress)]);

		const half = await visitor().auth.verifyOtp({ token_hash: toOld.tokenHash, type: 'email_change' });
		expect(half.error).toBeNull();
		expect(half.data.session).toBeNull();
		expect((await client.auth.getUser()).data.user!.email).toBe(email);

		const whole = await visitor().auth.verifyOtp({ token_hash: toNew.tokenHash, type: 'email_change' });
		expect(whole.data.user).toMatchObject({ id, email: newAddress });
		expect(whole.data.user!.identities![0]!.identity_data).toMatchObject({ email: newAddress, email_verified: true });
		expect((await visitor().auth.signInWithPassword({ email: newAddress, password })).error).toBeNull();
		expect((await visitor().auth.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials');
	});

	test('can be agreed to by the codes', async () => {
		const { client, email } = await account('coder');
		const newAddress = newEmail('coded');
		await client.auth.updateUser({ email: newAddress });
		const toNew = await newCode({ type: 'email_change_new', email, newEmail: newAddress });
		const toOld = await newCode({ type: 'email_change_current', email, newEmail: newAddress });
		await visitor().auth.verifyOtp({ email: newAddress, token: toNew, type: 'email_change' });
		const { data } = await visitor().auth.verifyOtp({ email, token: toOld, type: 'email_change' });
		expect(data.user!.email).toBe(newAddress);
	});

	test('is made when both sides agree at the same moment', async () => {
		const { client, email } = await account('both');
		const newAddress = newEmail('both-moved');
		await client.auth.updateUser({ email: newAddress });
		const mails = await Promise.all([mailTo(email), mailTo(newAddress)]);
		const answers = await Promise.all(
			mails.map(({ tokenHash }) => visitor().auth.verifyOtp({ token_hash: tokenHash, type: 'email_change' }))
		);
		expect(answers.map(({ error }) => error)).toEqual([null, null]);
		expect((await client.auth.getUser()).data.user!.email).toBe(newAddress);
	});

	test('is not made by one side’s link used twice', async () => {
		const { client, email } = await account('half');
		await client.auth.updateUser({ email: newEmail('half-moved') });
		const { tokenHash } = await mailTo(email);
		await visitor().auth.verifyOtp({ token_hash: tokenHash, type: 'email_change' });
		expect((await visitor().auth.verifyOtp({ token_hash: tokenHash, type: 'email_change' })).error?.code).toBe(
			'otp_expired'
		);
		expect((await client.auth.getUser()).data.user!.email).toBe(email);
	});
});

describe.skipIf(!project.mailUrl)('a request to prove oneself again', () => {
	test('sends a code to who is signed in', async () => {
		const { client, email } = await account('again');
		expect((await client.auth.reauthenticate()).error).toBeNull();
		await expect.poll(() => mailsTo(email)).toBe(1);
	});
});

describe.skipIf(!project.mailUrl)('an invitation', () => {
	test('makes an account that its mail opens', async () => {
		const email = newEmail('guest');
		const { data, error } = await service().auth.admin.inviteUserByEmail(email, {
			data: { full_name: 'Guest', language: 'en' }
		});
		expect(error).toBeNull();
		expect(data.user!.invited_at).toBeTruthy();
		const mail = await mailTo(email);
		expect(mail.subject).toBe('You are invited');
		const client = visitor();
		expect((await client.auth.verifyOtp({ token_hash: mail.tokenHash, type: 'invite' })).error).toBeNull();
		expect((await client.auth.updateUser({ password: 'chosen by the guest' })).error).toBeNull();
		expect((await visitor().auth.signInWithPassword({ email, password: 'chosen by the guest' })).error).toBeNull();
	});

	test('is not sent to a confirmed account', async () => {
		const { email } = await account('member');
		expect((await service().auth.admin.inviteUserByEmail(email)).error).toMatchObject({
			code: 'email_exists',
			status: 422
		});
	});
});
