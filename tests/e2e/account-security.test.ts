import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { Secret, TOTP } from 'otpauth';
import { account, database, password as accountPassword } from 'supabase-embedded/testing';
import { goOn, linkIn, person, signUp as signUpHere } from './people.ts';

const password = 'une phrase assez longue';
/** Refused forms and ended sessions are answered with 4xx, which browsers write to their consoles. */
const refusal = /Failed to load resource: the server responded with a status of 4(01|03|22)/;

const newEmail = (name: string) => `${name}.${Date.now().toString(36)}@example.com`;
const submit = (page: Page) => page.locator('main form[method=POST] button[type=submit]').first().click();
const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

async function signUp(page: Page, email: string): Promise<void> {
	await page.goto('/sign-up');
	await signUpHere(page, 'Nadia Fassi', email, password);
	await expect(page.getByTestId('bell')).toBeVisible();
}

async function signIn(page: Page, email: string, next = '/bookings', phrase = password): Promise<void> {
	await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
	await page.locator('input[name=email]').fill(email);
	await page.locator('input[name=password]').fill(phrase);
	await submit(page);
}

/** Sets the second factor up from where the page is; gives its secret and the recovery codes. */
async function setUp(page: Page): Promise<{ secret: string; codes: string[] }> {
	// Its example is taken over by the page's scripts: until then what is typed may come beside it.
	await page.waitForLoadState('networkidle');
	await page.locator('input[name=name]').fill('Téléphone de Nadia');
	await page.getByRole('button', { name: 'Continuer' }).click();
	const secret = (await page.getByTestId('authenticator-secret').innerText()).replaceAll(/\s/g, '');
	// A wrong code first: the same secret stays on the page.
	await page.locator('input[name=code]').fill('12 34');
	await page.getByRole('button', { name: 'Confirmer' }).click();
	await expect(page.getByText('Le code a six chiffres.')).toBeVisible();
	await page.locator('input[name=code]').fill(codeOf(secret));
	await page.getByRole('button', { name: 'Confirmer' }).click();
	const codes = page.getByTestId('recovery-codes').getByRole('listitem');
	await expect(codes).toHaveCount(10);
	return { secret, codes: await codes.allInnerTexts() };
}

/** What the rules of WCAG 2.2 AA find wrong on a page that only its owner reaches. */
async function barriers(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		// On a phone's screen the fixed bar covers parts of what is below it.
		.disableRules(['target-size'])
		.analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

const plain = async (browser: Browser) => (await browser.newContext({ javaScriptEnabled: false })).newPage();

test('a second factor is set up, asked for, and replaced by a recovery code when the phone is lost', async ({
	browser
}) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	const email = newEmail('nadia');
	await signUp(page, email);

	// Who is asked to step up and has no factor is led to setting one up, and on from there.
	await page.goto('/two-factor?next=%2Fmessages');
	await expect(page).toHaveURL(/\/account\/security\/authenticator\?next=%2Fmessages/);
	const { secret, codes } = await setUp(page);
	expect(await barriers(page)).toEqual([]);
	await page.getByRole('link', { name: 'Je les ai gardés' }).click();
	await page.waitForURL(/\/messages$/);
	await page.goto('/account/security');
	await expect(page.getByText('Active, avec l’appareil « Téléphone de Nadia ».')).toBeVisible();
	await expect(page.getByText('Il vous reste 10 codes de secours.')).toBeVisible();

	// Signed out and in again: the password alone opens nothing, the code does.
	await page.goto('/account');
	await page.getByRole('main').getByRole('button', { name: 'Se déconnecter' }).click();
	await expect(page.getByTestId('bell')).toHaveCount(0);
	await signIn(page, email);
	await page.waitForURL(/\/two-factor\?next=%2Fbookings/);
	await page.goto('/account');
	await page.waitForURL(/\/two-factor\?next=%2Faccount/);
	expect(await barriers(page)).toEqual([]);
	await page.locator('form[action*=verify] input[name=code]').fill('000000');
	await page.getByRole('button', { name: 'Confirmer' }).click();
	await expect(page.getByText('Ce code n’est pas le bon')).toBeVisible();
	await page.locator('form[action*=verify] input[name=code]').fill(codeOf(secret));
	await page.getByRole('button', { name: 'Confirmer' }).click();
	await page.waitForURL(/\/account$/);

	// The phone is lost, and this browser runs no scripts: a recovery code opens the account, and the factor is gone.
	const other = await plain(browser);
	await signIn(other, email);
	await other.waitForURL(/\/two-factor\?next=%2Fbookings/);
	await other.locator('summary').filter({ hasText: 'Téléphone perdu' }).click();
	await other.locator('form[action*=recover] input[name=code]').fill('0000-0000-0000');
	await other.getByRole('button', { name: 'Utiliser ce code' }).click();
	await expect(other.getByText('Ce code de secours n’est pas valable.')).toBeVisible();
	await other.locator('form[action*=recover] input[name=code]').fill(codes[3]!.toLowerCase().replaceAll('-', ' '));
	await other.getByRole('button', { name: 'Utiliser ce code' }).click();
	await other.waitForURL(/authenticator\?next=%2Fbookings&because=recovered/);
	await expect(other.getByText('La double authentification est retirée')).toBeVisible();
	await other.getByRole('link', { name: 'Plus tard' }).click();
	await other.waitForURL(/\/bookings$/);

	// The first browser's session ended with it, live.
	await page.waitForURL(/\/sign-in\?next=%2Faccount/, { timeout: 60_000 });

	// Without scripts the factor can be set up again.
	await other.goto('/account/security/authenticator');
	await setUp(other);
	expect(problems.filter((problem) => !refusal.test(problem))).toEqual([]);
	for (const context of [page.context(), other.context()]) await context.close();
});

test('another browser is signed out from the list of sessions, its open page too', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	const other = await person(browser, problems);
	const email = newEmail('salim');
	await signUp(page, email);
	await signIn(other, email);
	await other.waitForURL(/\/bookings$/);
	await page.goto('/account/security');
	const sessions = page.getByTestId('sessions').getByRole('listitem');
	await expect(sessions).toHaveCount(2);
	await expect(sessions.first()).toContainText('Cet appareil');
	await expect(sessions.last()).toContainText(/Chrome sur Linux.*127\.0\.0\.1.*Dernière activité/s);
	await sessions.last().getByRole('button', { name: 'Déconnecter Chrome sur Linux' }).click();
	await expect(page.getByText('L’appareil est déconnecté.')).toBeVisible();
	await expect(sessions).toHaveCount(1);
	await other.waitForURL(/\/sign-in\?next=%2Fbookings/, { timeout: 60_000 });

	// A new password ends the others too, and asks for the present one.
	await signIn(other, email);
	await other.waitForURL(/\/bookings$/);
	await other.goto('/account/security/password');
	await other.locator('input[name=password]').fill('une autre phrase');
	await submit(other);
	await expect(other.getByText('Ce n’est pas votre mot de passe actuel.')).toBeVisible();
	await other.locator('input[name=current_password]').fill(password);
	await other.locator('input[name=password]').fill('une autre phrase');
	await submit(other);
	await expect(other.getByText('Votre nouveau mot de passe est enregistré')).toBeVisible();
	await page.goto('/messages');
	await page.waitForURL(/\/sign-in/);
	expect(problems.filter((problem) => !refusal.test(problem))).toEqual([]);
	for (const context of [page.context(), other.context()]) await context.close();
});

test('a page that comes to listen after its session has ended leaves too', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	const who = await account('salma');
	let go = () => {};
	const ended = new Promise<void>((resolve) => (go = resolve));
	await page.route('**/auth/token', async (route) => {
		await ended;
		await route.continue();
	});
	await signIn(page, who.email, '/bookings', accountPassword);
	await page.waitForURL(/\/bookings$/);
	const { error } = await who.client.rpc('end_other_sessions');
	expect(error).toBeNull();
	go();
	await page.waitForURL(/\/sign-in\?next=%2Fbookings/);
	await page.context().close();
});

test('a page leaves too whose browser has lost the session already when it is told', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	const who = await account('salma');
	await signIn(page, who.email, '/bookings', accountPassword);
	await page.waitForURL(/\/bookings$/);
	const listening = page.waitForResponse(/__data\.json/);
	await page.goto('/account');
	await listening;
	await page.context().clearCookies();
	const { error } = await who.client.rpc('end_other_sessions');
	expect(error).toBeNull();
	await page.waitForURL(/\/sign-in\?next=%2Faccount/);
	expect(problems).toEqual([]);
	await page.context().close();
});

test('a change of address counts once both addresses have agreed', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	const [old, wanted] = [newEmail('avant'), newEmail('apres')];
	await signUp(page, old);
	await page.goto('/account/security/email');
	await page.locator('input[name=email]').fill(wanted);
	await submit(page);
	await expect(page.getByText('deux e-mails viennent de partir')).toBeVisible();

	// Whoever opens the link elsewhere is no party to it: a stranger may have asked.
	const elsewhere = await plain(browser);
	await elsewhere.goto(await linkIn(wanted, /changement d’adresse/));
	await expect(elsewhere.getByText('Connectez-vous d’abord à ce compte')).toBeVisible();
	await expect(elsewhere.locator('main form[method=POST]')).toHaveCount(0);

	await page.goto(await linkIn(old, /changement d’adresse/));
	await goOn(page);
	await expect(page.getByText('Ouvrez maintenant le lien envoyé à l’autre adresse.')).toBeVisible();
	await page.goto(await linkIn(wanted, /changement d’adresse/));
	await goOn(page);
	await expect(page.getByText('Votre adresse e-mail est changée.')).toBeVisible();
	await expect(page.getByRole('main').getByText(wanted)).toBeVisible();
	expect(problems).toEqual([]);
	await page.context().close();
});

test('a link that could not be asked about is good for another try', async ({ browser }) => {
	const sql = database();
	const email = newEmail('panne');
	const page = await plain(browser);
	await page.goto('/sign-up');
	await page.locator('input[name=email]').fill(email);
	await submit(page);
	await page.goto(await linkIn(email, /auth\/confirm/));
	await sql.unsafe(`
		create function private.out_of_order() returns trigger language plpgsql as $$ begin raise 'out of order'; end $$;
		create trigger out_of_order before update on auth.users
			for each row when (new.email = '${email}') execute function private.out_of_order()`);
	try {
		await goOn(page);
		await expect(page.getByText('Une erreur est survenue. Réessayez dans un instant.')).toBeVisible();
	} finally {
		await sql`drop function private.out_of_order cascade`;
	}
	await goOn(page);
	await expect(page).toHaveURL(/\/welcome/);
	await page.context().close();
	await sql.end();
});

test('whether an address has an account is told to nobody who asks to change to it', async ({ browser }) => {
	const page = await plain(browser);
	await signUp(page, newEmail('curieux'));
	const answers: string[] = [];
	for (const email of [(await account('pris')).email, newEmail('libre')]) {
		await page.goto('/account/security/email');
		await page.locator('input[name=email]').fill(email);
		await submit(page);
		await page.waitForURL(/\/account\/security\?/);
		await expect(page.getByText('Si cette adresse est libre, deux e-mails viennent de partir')).toBeVisible();
		answers.push(page.url() + (await page.locator('section[aria-labelledby=credentials]').innerText()));
	}
	expect(answers[1]).toBe(answers[0]);
	await page.context().close();
});

test('a picture is shown at once, the data can be taken along, and a deleted account is gone', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	const email = newEmail('zineb');
	await signUp(page, email);

	await page.goto('/account');
	await page.locator('input[name=picture]').setInputFiles({
		name: 'moi.jpg',
		mimeType: 'image/jpeg',
		buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
	});
	await page.getByRole('button', { name: 'Envoyer la photo' }).click();
	await expect(page.getByText('n’est pas une image lisible')).toBeVisible();
	await page.locator('input[name=picture]').setInputFiles('docs/home.webp');
	await page.getByRole('button', { name: 'Envoyer la photo' }).click();
	await expect(page.getByText('Votre photo est à jour.')).toBeVisible();
	const shown = page.locator('header img[src*="/avatars/"]');
	await expect(shown).toBeVisible();
	const picture = (await shown.getAttribute('src'))!;
	expect((await page.request.get(picture)).headers()['content-type']).toBe('image/webp');

	// Somebody else at a screen left open a while ago cannot delete what its owner did not confirm anew.
	const sql = database();
	await sql`
		update auth.mfa_amr_claims c set updated_at = now() - interval '16 minutes'
		from auth.sessions s join auth.users u on u.id = s.user_id
		where s.id = c.session_id and u.email = ${email}`;
	await sql.end();
	await page.goto('/account/data');
	await expect(page.locator('input[name=email]')).toHaveCount(0);
	const proof = page.locator('main input[name=password]');
	await proof.fill('not the phrase');
	await page.getByRole('button', { name: 'Confirmer' }).click();
	await expect(page.getByText('Ce n’est pas votre mot de passe actuel.')).toBeVisible();
	await proof.fill(password);
	await page.getByRole('button', { name: 'Confirmer' }).click();
	await expect(page.locator('input[name=email]')).toBeVisible();

	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Télécharger' }).click()
	]);
	expect(download.suggestedFilename()).toMatch(/^khadamat-\d{4}-\d\d-\d\d\.zip$/);
	const chunks: Buffer[] = [];
	for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
	const files = unzipSync(new Uint8Array(Buffer.concat(chunks)));
	expect(JSON.parse(strFromU8(files['profile.json']!))).toMatchObject({ full_name: 'Nadia Fassi' });
	expect(JSON.parse(strFromU8(files['account.json']!))).toMatchObject({ email });

	await page.locator('input[name=email]').fill('someone@example.com');
	await submit(page);
	await expect(page.getByText('Ce n’est pas l’adresse de ce compte.')).toBeVisible();
	await page.locator('input[name=email]').fill(email.toUpperCase());
	await submit(page);
	await page.waitForURL(/\/account\/deleted$/);
	await expect(page.getByRole('heading', { name: 'Votre compte est supprimé' })).toBeVisible();
	await expect(page.getByTestId('bell')).toHaveCount(0);
	expect((await page.context().cookies()).filter(({ name }) => name.startsWith('khadamat-auth'))).toEqual([]);
	expect((await page.request.get(picture)).ok()).toBe(false);
	await signIn(page, email);
	await expect(page.getByText('Adresse e-mail ou mot de passe incorrect.')).toBeVisible();
	expect(problems.filter((problem) => !refusal.test(problem) && !/status of 400/.test(problem))).toEqual([]);
	await page.context().close();
});
