import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import postgres from 'postgres';
import { account, newEmail, password, service, visitor } from 'supabase-embedded/testing';
import { goOn, linkIn, mailTo, person, signIn } from './people.ts';

// The pages of the providers are their doubles' here.
test.skip(!process.env.IDENTITY_URL, 'the project asks Google and Facebook themselves');

let sql: postgres.Sql;
test.beforeAll(() => {
	sql = postgres(process.env.SUPABASE_DB_URL!, { max: 1, onnotice: () => {} });
});
test.afterAll(() => sql.end());
// All browsers of the tests have one address, from which so many links may be asked for in an hour.
test.beforeEach(async () => {
	await sql`delete from private.sign_in_attempts where kind = 'recovery'`;
});

const problems: string[] = [];
test.afterEach(() => expect(problems.splice(0)).toEqual([]));

/** A browser without scripts: everything here is links and forms. */
async function plain(browser: Browser, locale: string): Promise<Page> {
	const context = await browser.newContext({ locale, javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	return context.newPage();
}

/** Says at the provider who one is. */
async function agree(page: Page, email: string, name: string): Promise<void> {
	await page.waitForURL(/\/identity\/v1\//);
	await page.locator('#email').fill(email);
	await page.locator('#name').fill(name);
	await page.locator('button[value=agree]').click();
}

const submit = (page: Page) => page.locator('main form[method=POST] button[type=submit]').click();

test('a person new here signs in with Google, before any script, in Arabic', async ({ browser }) => {
	const page = await plain(browser, 'ar-MA');
	const email = newEmail('google-new');
	await page.goto('/ar/sign-up?next=%2Far%2Faccount');
	await page.getByRole('link', { name: 'Google' }).click();
	await agree(page, email, 'أمينة الإدريسي');
	await page.waitForURL('**/ar/account');
	await expect(page.locator('input[name=full_name]')).toHaveValue('أمينة الإدريسي');
	const [profile] = await sql`
		select p.full_name, p.language from public.profiles p join auth.users u on u.id = p.id where u.email = ${email}`;
	expect(profile).toEqual({ full_name: 'أمينة الإدريسي', language: 'ar' });
});

test('a person with an account finds it with Facebook, by keyboard, and their name stays', async ({ browser }) => {
	const amina = await account('facebook-known');
	await sql`update public.profiles set full_name = 'Amina, Rabat' where id = ${amina.id}`;
	await service().auth.admin.updateUserById(amina.id, { user_metadata: { full_name: 'Amina, Rabat', language: 'fr' } });
	const page = await person(browser, problems);
	await page.goto('/bookings');
	await page.waitForURL('**/sign-in?next=**');
	await page.getByRole('link', { name: 'Facebook' }).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/identity\/v1\/facebook/);
	await page.locator('#email').focus();
	await page.keyboard.type(amina.email);
	await page.keyboard.press('Tab');
	await page.keyboard.type('Amina At Facebook');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.waitForURL('**/bookings');
	await page.goto('/account');
	await expect(page.locator('input[name=full_name]')).toHaveValue('Amina, Rabat');
	const { data } = await service().auth.admin.getUserById(amina.id);
	expect(data.user!.app_metadata.providers).toEqual(['email', 'facebook']);
	expect(data.user!.user_metadata.full_name).toBe('Amina, Rabat');
});

test('who refuses at the provider is back at signing in, told so, and can go on another way', async ({ browser }) => {
	const page = await person(browser, problems, 'en');
	await page.goto('/en/sign-in?next=%2Fen%2Fbookings');
	await page.getByRole('link', { name: 'Google' }).click();
	await page.locator('button[value=refuse]').click();
	await page.waitForURL('**/en/sign-in?**');
	await expect(page.getByRole('status').filter({ hasText: 'You did not agree' })).toBeVisible();
	await page.getByRole('link', { name: 'Google' }).click();
	await agree(page, newEmail('second-thought'), 'Amina');
	await page.waitForURL('**/en/bookings');
});

test('an address that the provider has not verified opens nobody’s account', async ({ browser }) => {
	const amina = await account('unverified');
	const page = await person(browser, problems);
	await page.goto('/sign-in');
	await page.getByRole('link', { name: 'Google' }).click();
	await page.locator('input[name=verified]').uncheck();
	await agree(page, amina.email, 'Someone');
	await page.waitForURL('**/sign-in?**');
	await expect(page.getByText('n’est pas vérifiée')).toBeVisible();
});

test('a link by mail signs in; for an address nobody has, the answer is the same', async ({ browser }) => {
	const amina = await account('by-link');
	const page = await person(browser, problems);
	const answers: string[] = [];
	for (const email of [newEmail('nobody'), amina.email]) {
		await page.goto('/sign-in');
		await page.getByRole('link', { name: 'lien de connexion' }).click();
		await page.waitForURL('**/sign-in-link');
		await expect(page.getByRole('heading', { name: 'Se connecter par un lien' })).toBeVisible();
		await page.locator('input[name=email]').fill(email);
		await submit(page);
		await page.waitForURL('**/check-mail?**');
		answers.push(await page.locator('main').innerText());
	}
	expect(answers[0]).toBe(answers[1]);
	await page.goto(await linkIn(amina.email, /connexion/));
	await goOn(page);
	await page.waitForURL((url) => !url.pathname.includes('confirm'));
	await page.goto('/account');
	await expect(page.locator('input[name=full_name]')).toBeVisible();
});

test('signing up with an address that is taken looks like any other, and its owner gets a link', async ({
	browser
}) => {
	const amina = await account('taken');
	const page = await plain(browser, 'fr-MA');
	const answers: string[] = [];
	for (const email of [newEmail('free'), amina.email]) {
		await page.goto('/sign-up');
		await page.locator('input[name=email]').fill(email);
		await submit(page);
		await page.waitForURL('**/check-mail?**');
		answers.push(await page.locator('main').innerText());
	}
	expect(answers[0]).toBe(answers[1]);
	await mailTo(amina.email, /connexion/);
});

for (const [language, name, button] of [
	['', 'Amina Berrada', 'Continuer en tant que'],
	['/ar', 'أمينة برادة', 'المتابعة باسم'],
	['/en', 'Amina Berrada', 'Continue as']
] as const) {
	test(`an account whose address a stranger took is its owner’s, before any script: ${language || '/fr'}`, async ({
		browser
	}) => {
		const email = newEmail('squatted');
		const theirs = { email, password: 'the stranger’s own' };
		await visitor().auth.signUp({ ...theirs, options: { data: { full_name: 'Stranger', language: 'en' } } });
		await sql`update auth.users set confirmation_sent_at = now() - interval '1 hour' where email = ${email}`;

		const page = await plain(browser, 'fr-MA');
		await page.goto(`${language}/sign-up?next=${encodeURIComponent(`${language}/account`)}`);
		await page.locator('input[name=email]').fill(email);
		await submit(page);
		await page.waitForURL('**/check-mail?**');
		await page.goto(await linkIn(email, /auth\/confirm/));
		await expect(page.getByRole('button', { name: `${button} s…@example.com` })).toBeVisible();
		await goOn(page);
		await page.waitForURL(/\/welcome/);
		await page.locator('input[name=full_name]').fill(name);
		await page.locator('input[name=password]').fill('a long enough one');
		await submit(page);
		await page.waitForURL(`**${language}/account`);
		await expect(page.locator('input[name=full_name]')).toHaveValue(name);
		expect((await visitor().auth.signInWithPassword(theirs)).error?.code).toBe('invalid_credentials');
		expect((await visitor().auth.signInWithPassword({ email, password: 'a long enough one' })).error).toBeNull();
	});
}

test('a mail’s link is spent by a person alone, who is told when it is not the account they are in', async ({
	browser
}) => {
	const [amina, bilal] = [await account('amina'), await account('bilal')];
	const page = await person(browser, problems);
	await signIn(page, bilal.email, password);
	await visitor().auth.signInWithOtp({
		email: amina.email,
		options: { emailRedirectTo: `${process.env.SITE_URL}/account/security` }
	});
	const link = await linkIn(amina.email, /connexion/);
	// What looks at mails before people do.
	for (const method of ['HEAD', 'GET', 'GET']) await fetch(link, { method });
	await page.goto(link);
	await expect(page.getByText(`Vous êtes connecté en tant que ${bilal.email}`)).toBeVisible();
	await page.goto('/account/security');
	await expect(page.getByRole('main').getByText(bilal.email)).toBeVisible();
	await page.goto(link);
	await page.getByRole('button', { name: 'Continuer en tant que a…@example.com' }).click();
	await page.waitForURL('**/account/security');
	await expect(page.getByRole('main').getByText(amina.email)).toBeVisible();
	await page.goto(link);
	await page.waitForURL(/problem=link_expired/);
});

test('asking for a new password tells nobody whether there is an account', async ({ browser }) => {
	const page = await plain(browser, 'fr-MA');
	const answers: string[] = [];
	for (const email of [newEmail('forgot-nobody'), (await account('forgot')).email]) {
		await page.goto('/forgot-password');
		await page.locator('input[name=email]').fill(email);
		await submit(page);
		await page.waitForURL('**/check-mail?**');
		answers.push(await page.locator('main').innerText());
	}
	expect(answers[0]).toBe(answers[1]);
});

for (const { language, sentence } of [
	{ language: '', sentence: /Réessayez dans \d+ minutes/ },
	{ language: '/ar', sentence: /أعيدوا المحاولة بعد \d+ دقيقة/ },
	{ language: '/en', sentence: /Try again in \d+ minutes/ }
]) {
	test(`after too many attempts one is told how long to wait: ${language || '/fr'}`, async ({ browser }) => {
		const email = newEmail('limited');
		for (const kind of ['sign_in', 'recovery']) {
			await sql`
				insert into private.sign_in_attempts (kind, account, place)
				select ${kind}, private.account_key(${email}), '127.0.0.1'
				from private.attempt_limits l, generate_series(1, l.max_attempts) where l.kind = ${kind} and l.scope = 'place'`;
		}
		const page = await plain(browser, 'fr-MA');
		for (const path of ['/sign-in', '/sign-in-link', '/forgot-password']) {
			await page.goto(language + path);
			await page.locator('input[name=email]').fill(email);
			if (path === '/sign-in') await page.locator('input[name=password]').fill('whatever it was');
			await submit(page);
			await expect(page.getByRole('alert')).toHaveText(sentence);
			await expect(page.locator('input[name=email]')).toHaveValue(email);
		}
	});
}
