import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { account, codeFor, secondFactor } from 'supabase-embedded/testing';
import { person } from './people.ts';
import { enter, guestBooking, signIn, staff, waitingBusiness } from './staff.ts';

/** Pages that are not there or not allowed, and refused forms, are written to a browser's console. */
const refusal = /Failed to load resource: the server responded with a status of 4(01|03|04|09|22)/;
const unexpected = (problems: string[]) => problems.filter((problem) => !refusal.test(problem));

const places = (page: Page) => page.getByRole('navigation', { name: 'Administration' }).getByRole('link');

/** Somebody without JavaScript, with the session of another of their windows. */
async function plain(browser: Browser, page: Page): Promise<Page> {
	const context = await browser.newContext({
		javaScriptEnabled: false,
		locale: 'fr-MA',
		storageState: await page.context().storageState()
	});
	return context.newPage();
}

test('the area is not there for others, and shows each of its staff what their role allows', async ({ browser }) => {
	const problems: string[] = [];
	const stranger = await person(browser, problems);
	await stranger.goto('/admin/accounts');
	await expect(stranger).toHaveURL(/\/sign-in\?next=%2Fadmin%2Faccounts/);
	await signIn(stranger, await account('client'));
	for (const path of ['/admin', '/admin/accounts', '/ar/admin/audit']) {
		expect((await stranger.goto(path))!.status()).toBe(404);
	}

	const moderator = await person(browser, problems);
	await enter(moderator, await staff('moderator'));
	await expect(places(moderator)).toHaveText(['Accueil', /À vérifier/, 'Commerces']);
	await expect(places(moderator).first()).toHaveAttribute('aria-current', 'page');
	for (const path of ['/admin/accounts', '/admin/audit']) {
		expect((await moderator.goto(path))!.status()).toBe(403);
		await expect(moderator.getByRole('heading', { name: 'Vous n’avez pas accès à cette page' })).toBeVisible();
	}

	const admin = await person(browser, problems);
	await enter(admin, await staff('admin'));
	await expect(places(admin)).toHaveText(['Accueil', /À vérifier/, 'Commerces', 'Comptes', 'Journal']);
	await expect(admin.getByText('Cohérence des données')).toBeVisible();
	expect(unexpected(problems)).toEqual([]);
	for (const page of [stranger, moderator, admin]) await page.context().close();
});

test('a moderator looks at documents, refuses with a word, accepts, and everyone sees it', async ({ browser }) => {
	const problems: string[] = [];
	const business = await waitingBusiness();
	const page = await person(browser, problems);
	await enter(page, await staff('moderator'));
	await page.getByRole('link', { name: 'Voir la file' }).click();
	await page.getByTestId('queue').getByRole('link', { name: business.name }).click();
	await page.waitForURL(/\/admin\/verifications\/[0-9a-f-]{36}$/);

	const picture = page.getByRole('img', { name: 'Pièce d’identité' });
	await picture.scrollIntoViewIfNeeded();
	await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Télécharger · Registre du commerce' }).click();
	expect((await download).suggestedFilename()).toBe('registration.pdf');

	// A refusal needs a word, which the owner reads; they may ask again.
	await page.getByText('Refuser', { exact: true }).click();
	await page.getByRole('button', { name: 'Refuser la demande' }).click();
	await expect(page.getByText('Ce champ est obligatoire.')).toBeVisible();
	await page.locator('form[action="?/refuse"] textarea').fill('La photo est illisible.');
	await page.getByRole('button', { name: 'Refuser la demande' }).click();
	await expect(page.getByText('La demande est refusée et le propriétaire prévenu.')).toBeVisible();
	await expect(page.getByText('La photo est illisible.')).toBeVisible();
	const again = await business.owner.client.rpc('request_verification', { provider_id: business.id });
	expect(again.error).toBeNull();

	const visitor = await person(browser, problems);
	await visitor.goto(`/providers/${business.slug}`);
	await expect(visitor.getByText('Vérifié').first()).toBeHidden();
	await page.goto(`/admin/verifications/${again.data}`);
	await expect(page.getByText('La photo est illisible.')).toBeVisible();
	await page.getByText('Accepter', { exact: true }).click();
	await page.getByRole('button', { name: 'Accepter la demande' }).click();
	await expect(page.getByText('La demande est acceptée')).toBeVisible();
	await expect(async () => {
		await visitor.reload();
		await expect(visitor.getByText('Vérifié').first()).toBeVisible({ timeout: 1000 });
	}).toPass({ timeout: 20_000 });
	expect(unexpected(problems)).toEqual([]);
	for (const one of [page, visitor]) await one.context().close();
});

test('a moderator sees how to reach a booking’s customer for a reason alone, without JavaScript', async ({
	browser
}) => {
	const problems: string[] = [];
	const booking = await guestBooking();
	const moderator = await staff('moderator');
	const entered = await person(browser, problems);
	await enter(entered, moderator);
	const page = await plain(browser, entered);
	await page.goto('/admin');
	await page.locator('main input[name=q]').fill(booking.reference.toLowerCase());
	await page.locator('main input[name=q]').press('Enter');
	await page.getByTestId('bookings').getByRole('link', { name: booking.reference }).click();
	await page.waitForURL(/\/admin\/bookings\/[0-9a-f-]{36}$/);
	await expect(page.locator('body')).not.toContainText(booking.email);
	await page.locator('summary', { hasText: 'Afficher les coordonnées' }).click();
	await page.getByRole('button', { name: 'Afficher les coordonnées' }).click();
	await expect(page.getByText('Ce champ est obligatoire.')).toBeVisible();
	await page.locator('textarea[name=reason]').fill('le client n’arrive pas à joindre le commerce');
	await page.getByRole('button', { name: 'Afficher les coordonnées' }).click();
	await expect(page.getByTestId('contact')).toContainText(booking.email);
	// Another look asks again.
	await page.goto(page.url().replace('?/reveal', ''));
	await expect(page.locator('body')).not.toContainText(booking.email);
	expect(unexpected(problems)).toEqual([]);
	for (const one of [page, entered]) await one.context().close();
});

test('an admin suspends somebody, gives and takes a role, at once, and the log tells of it', async ({ browser }) => {
	const problems: string[] = [];
	const admin = await staff('admin');
	const page = await person(browser, problems);
	await enter(page, admin);

	// Found by address; the suspension throws them out of the page that they have open.
	const rude = await account('rude');
	const theirs = await person(browser, problems);
	await signIn(theirs, rude);
	await expect(theirs.getByTestId('bell')).toBeVisible();
	await page.goto('/admin/accounts');
	await page.locator('main input[name=q]').fill(rude.email);
	await page.locator('main input[name=q]').press('Enter');
	await page.waitForURL(/q=/);
	await page.getByTestId('accounts').getByRole('link').click();
	await page.waitForURL(/\/admin\/accounts\/[0-9a-f-]{36}$/);
	await page.locator('summary', { hasText: 'Suspendre ce compte' }).click();
	await page.locator('textarea[name=reason]').fill('insultes répétées');
	await page.getByRole('button', { name: 'Suspendre ce compte' }).click();
	await expect(page.getByText('C’est suspendu.')).toBeVisible();
	await expect(page.getByText('insultes répétées').first()).toBeVisible();
	await theirs.waitForURL(/\/sign-in/);
	await page.locator('summary', { hasText: 'Rétablir ce compte' }).click();
	await page.getByRole('button', { name: 'Rétablir ce compte' }).click();
	await expect(page.getByText('C’est rétabli.')).toBeVisible();
	await signIn(theirs, rude);

	// A role opens the area at once, and its end closes it at once.
	const helper = await account('helper');
	const { secret } = await secondFactor(helper.client);
	const helping = await person(browser, problems);
	await signIn(helping, helper, '/admin');
	await helping.locator('input[name=code]').first().fill(codeFor(secret));
	await helping.locator('main form[method=POST] button[type=submit]').first().click();
	await expect(helping.getByRole('heading', { name: 'Cette page n’existe pas' })).toBeVisible();
	await page.goto(`/admin/accounts/${helper.id}`);
	await expect(page.getByText('Super administrateur')).toHaveCount(0);
	await page.locator('summary', { hasText: 'Donner ce rôle' }).click();
	await page.getByRole('button', { name: 'Donner ce rôle' }).click();
	await expect(page.getByText('Le rôle est donné.')).toBeVisible();
	await helping.goto('/admin/providers');
	await expect(helping.getByTestId('providers')).toBeVisible();
	await page.locator('summary', { hasText: 'Retirer ce rôle' }).click();
	await page.getByRole('button', { name: 'Retirer ce rôle' }).click();
	await expect(page.getByText('Le rôle est retiré.')).toBeVisible();
	// Within the page, without loading it again, too.
	await places(helping).first().click();
	await expect(helping.getByRole('heading', { name: 'Cette page n’existe pas' })).toBeVisible();

	// One's own roles and access are for others to change.
	await page.goto(`/admin/accounts/${admin.id}`);
	await expect(page.locator('main summary')).toHaveCount(0);

	// The log: everything this admin did, then one row of it, and a mistyped id said so.
	await page.goto(`/admin/audit?actor=${admin.id}`);
	const log = page.getByTestId('log').getByRole('listitem');
	await expect(log).toHaveCount(4);
	await expect(log.nth(0)).toContainText('Suppression');
	await expect(log.nth(1)).toContainText('Ajout');
	await expect(log.nth(1)).toContainText('moderator');
	await expect(log.nth(2)).toContainText('Rétablissement');
	await expect(log.nth(3)).toContainText('insultes répétées');
	await expect(log.nth(3)).toContainText(`${admin.name} (administrateur)`);
	// A choice is sent by itself once the page's scripts have come.
	await page.waitForLoadState('networkidle');
	await page.locator('summary', { hasText: 'Filtrer' }).click();
	await page.locator('select[name=action]').selectOption('suspended');
	await page.waitForURL(/action=suspended/);
	await expect(log).toHaveCount(1);
	await page.locator('input[name=actor]').fill('quelqu’un');
	await page.getByRole('button', { name: 'Appliquer' }).click();
	await expect(page.locator('input[name=actor]')).toHaveAttribute('aria-invalid', 'true');
	await expect(page.locator('input[name=actor]')).toHaveValue('quelqu’un');
	expect(unexpected(problems)).toEqual([]);
	for (const one of [page, theirs, helping]) await one.context().close();
});

test('a business is suspended and restored without JavaScript, and the highest role asks for the address', async ({
	browser
}) => {
	const problems: string[] = [];
	const business = await waitingBusiness();
	const page = await person(browser, problems);
	await enter(page, await staff('super_admin'));
	const still = await plain(browser, page);
	await still.goto(`/admin/providers?q=${encodeURIComponent(business.name)}&status=published`);
	await still.getByTestId('providers').getByRole('link', { name: business.name }).click();
	await still.locator('summary', { hasText: 'Suspendre ce commerce' }).click();
	await still.getByRole('button', { name: 'Suspendre ce commerce' }).click();
	await expect(still.getByText('Ce champ est obligatoire.')).toBeVisible();
	await still.locator('textarea[name=reason]').fill('fausse adresse');
	await still.getByRole('button', { name: 'Suspendre ce commerce' }).click();
	await expect(still.getByText('C’est suspendu.')).toBeVisible();
	await expect(still.getByText('fausse adresse').first()).toBeVisible();
	await still.locator('summary', { hasText: 'Rétablir ce commerce' }).click();
	await still.getByRole('button', { name: 'Rétablir ce commerce' }).click();
	await expect(still.getByText('C’est rétabli.')).toBeVisible();
	await expect(still.getByText('En préparation').first()).toBeVisible();

	const heir = await account('heir');
	await still.goto(`/admin/accounts/${heir.id}`);
	const form = still.locator('form:has(input[name=role][value=super_admin])');
	await still.locator('details:has(input[name=role][value=super_admin]) summary').click();
	await form.locator('input[name=confirmation]').fill('someone@example.com');
	await form.getByRole('button').click();
	await expect(still.getByText('Ce n’est pas l’adresse de ce compte.')).toBeVisible();
	await expect(form.locator('input[name=confirmation]')).toHaveValue('someone@example.com');
	await form.locator('input[name=confirmation]').fill(heir.email.toUpperCase());
	await form.getByRole('button').click();
	await expect(still.getByText('Le rôle est donné.')).toBeVisible();
	expect(unexpected(problems)).toEqual([]);
	for (const one of [page, still]) await one.context().close();
});
