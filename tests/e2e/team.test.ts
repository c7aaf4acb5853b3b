import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { mailTo, person, signIn, signUp } from './people.ts';
import { enter, staff } from './staff.ts';

const stamp = Date.now().toString(36);
const submit = (page: Page) => page.locator('main form[method=POST] button[type=submit]').first().click();

/** From "confirm that it is you" through setting up an authenticator app, and back. */
async function prove(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Confirmer mon identité' }).click();
	await page.waitForURL(/authenticator/);
	await submit(page);
	const secret = (await page.getByTestId('authenticator-secret').innerText()).replaceAll(/\s/g, '');
	await page.locator('input[name=code]').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
	await submit(page);
	await page.locator('main a[href*="/dashboard/team"]').click();
	await page.waitForURL(/dashboard\/team/);
}

/** Somebody without JavaScript. */
async function plain(browser: Browser): Promise<Page> {
	const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	return context.newPage();
}

test('from nothing to a published business, a second person in its team, and out again', async ({ browser }) => {
	test.setTimeout(180_000);
	const problems: string[] = [];
	const founder = await person(browser, problems);
	const business = `Atelier Safran ${stamp}`;

	// A visitor is led to sign up and back to the first step.
	await founder.goto('/become-provider');
	await founder.locator('main').getByRole('link', { name: 'Créer un compte' }).click();
	await founder.waitForURL(/\/sign-up/);
	await signUp(founder, 'Rachid Safran', `rachid.${stamp}@example.com`);
	await founder.waitForURL(/become-provider\?step=who/);

	// A refused step keeps what was typed; so do going back and a reload.
	await founder.locator('input[name=name]').fill(business);
	await founder.locator('input[name=phone]').fill('12');
	await submit(founder);
	await expect(founder.locator('input[name=phone]')).toHaveAttribute('aria-invalid', 'true');
	await expect(founder.locator('input[name=name]')).toHaveValue(business);
	await founder.locator('select[name=category_slug]').selectOption({ index: 1 });
	await founder.locator('input[name=phone]').fill('06 12 34 56 78');
	await submit(founder);
	await founder.waitForURL(/step=where/);
	await founder.locator('input[name=district]').fill('Gauthier');
	await founder.getByRole('button', { name: 'Retour' }).click();
	await founder.waitForURL(/step=who/);
	await founder.reload();
	await expect(founder.locator('input[name=name]')).toHaveValue(business);
	await submit(founder);
	await founder.waitForURL(/step=where/);
	await expect(founder.locator('input[name=district]')).toHaveValue('Gauthier');
	await founder.locator('select[name=city_slug]').selectOption('casablanca');
	await founder.locator('input[name=address]').fill('12 rue Jean Jaurès');
	await submit(founder);
	await founder.waitForURL(/step=service/);
	await founder.locator('input[name=service_name]').fill('Réparation de bijoux');
	await founder.locator('input[name=price_minor]').fill('149,50');
	await submit(founder);
	await founder.waitForURL(/step=hours/);
	await founder.locator('input[name=open_7]').check();
	await submit(founder);

	// The dashboard says what to do next; the page is a draft until it is published.
	await founder.waitForURL(/\/dashboard\?provider=/);
	const slug = new URL(founder.url()).searchParams.get('provider')!;
	const visitor = await plain(browser);
	await visitor.goto(`/providers/${slug}`);
	await expect(visitor.getByText('Cette page n’existe pas')).toBeVisible();
	await founder.goto(`/providers/${slug}`);
	await expect(founder.getByTestId('draft-bar')).toBeVisible();
	await founder.goto(`/dashboard?provider=${slug}`);
	await founder.getByTestId('checklist').getByRole('button', { name: 'Publier' }).click();
	await founder.waitForURL(/\/providers\//);
	await expect(founder.getByText('Votre page est en ligne.')).toBeVisible();
	await visitor.goto(`/search?q=${encodeURIComponent(business)}`);
	await visitor.locator(`a[href$="/providers/${slug}"]`).first().click();
	await expect(visitor.getByRole('heading', { level: 1 })).toHaveText(business);
	await expect(visitor.locator('a[href*="/book/"][href*="at="]').first()).toBeAttached();

	// Documents are looked at before they are kept, and are sent for verification.
	await founder.goto(`/dashboard/verification?provider=${slug}`);
	await founder.locator('input[type=file]').setInputFiles({
		name: 'carte.png',
		mimeType: 'image/png',
		buffer: Buffer.from('<script>alert(1)</script>')
	});
	await founder.getByRole('button', { name: 'Ajouter' }).click();
	await expect(founder.getByText('Ce fichier n’est ni un PDF')).toBeVisible();
	await founder.locator('input[type=file]').setInputFiles({
		name: 'carte.pdf',
		mimeType: 'application/pdf',
		buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(2_000_000, 'x'), Buffer.from('\n%%EOF\n')])
	});
	await founder.getByRole('button', { name: 'Ajouter' }).click();
	await expect(founder.getByTestId('documents').getByRole('listitem')).toContainText('Pièce d’identité');
	const downloading = founder.waitForEvent('download');
	await founder.getByRole('link', { name: /^Ouvrir/ }).click();
	expect((await downloading).suggestedFilename()).toBe('identity.pdf');
	await founder.getByRole('button', { name: 'Demander la vérification' }).click();
	await expect(founder.getByTestId('verification-state')).toContainText('En cours d’examen');

	// The team changes with the second factor alone.
	await founder.goto(`/dashboard/team?provider=${slug}`);
	await expect(founder.locator('input[name=email]')).toHaveCount(0);
	await prove(founder);
	const email = `hiba.${stamp}@example.com`;
	await founder.locator('input[name=email]').fill(email);
	await founder.getByRole('button', { name: 'Envoyer l’invitation' }).click();
	await expect(founder.getByText('L’invitation est partie.')).toBeVisible();
	const mail = await mailTo(email, /vous invite/);
	const link = /https?:\/\/[^\s"<>[\]]*\/invitations\/[0-9a-f]+/.exec(mail.Text)![0];

	// Somebody else who follows the link learns whose it is, not more.
	const other = await person(browser, problems);
	await signIn(other, 'amina@example.com');
	await other.goto(link);
	await expect(other.getByText('Cette invitation est pour une autre adresse')).toBeVisible();
	await expect(other.locator('main')).not.toContainText(email);
	await other.context().close();

	// She signs up with that address, comes back, and joins.
	const member = await person(browser, problems);
	await member.goto(link);
	await member.locator('main').getByRole('link', { name: 'Créer un compte' }).click();
	await member.waitForURL(/\/sign-up/);
	await signUp(member, 'Hiba Safran', email);
	await member.waitForURL(/\/invitations\//);
	await member.getByRole('button', { name: 'Rejoindre l’équipe' }).click();
	await member.waitForURL(/\/dashboard/);
	await expect(member.locator('main')).toContainText(business);
	await member.goto(link);
	await expect(member.getByText('Cette invitation ne marche plus')).toBeVisible();
	await member.goto('/dashboard/team');
	await expect(member.getByTestId('member')).toHaveCount(2);
	await member.goto('/dashboard');
	await member.waitForLoadState('networkidle');

	// Taken out, she sees nothing of it any more, on the page that is open too.
	await founder.goto(`/dashboard/team?provider=${slug}`);
	const hers = founder.getByTestId('member').filter({ hasText: 'Hiba Safran' });
	await hers.getByText('Modifier').click();
	await hers.getByRole('button', { name: /Retirer de l’équipe/ }).click();
	await expect(founder.getByText('Cette personne n’a plus accès.')).toBeVisible();
	await expect(member.getByText('Pas encore de commerce ici')).toBeVisible();
	await member.goto(`/dashboard?provider=${slug}`);
	await expect(member.locator('main')).not.toContainText(business);

	// Browsers write down every form that was refused.
	expect(problems.filter((problem) => !problem.includes('422'))).toEqual([]);
	for (const page of [founder, member, visitor]) await page.context().close();
});

test('without JavaScript the four steps keep what was typed and make the same business', async ({ browser }) => {
	const page = await plain(browser);
	await page.goto('/become-provider');
	await page.locator('main').getByRole('link', { name: 'Créer un compte' }).click();
	await page.waitForURL(/\/sign-up/);
	await signUp(page, 'Touria Safran', `touria.${stamp}@example.com`);
	await page.waitForURL(/step=who/);
	await page.locator('input[name=name]').fill('T');
	await page.locator('select[name=category_slug]').selectOption({ index: 2 });
	await submit(page);
	await expect(page.locator('select[name=category_slug]')).not.toHaveValue('');
	await page.locator('input[name=name]').fill(`Touria ${stamp}`);
	await submit(page);
	await page.locator('select[name=city_slug]').selectOption('rabat');
	await page.locator('input[name=district]').fill('Agdal');
	await page.locator('input[name=address]').fill('1 avenue de France');
	await submit(page);
	await page.locator('input[name=service_name]').fill('Couture');
	await page.locator('input[name=price_minor]').fill('80');
	await page.getByText('Chez le client', { exact: true }).click();
	await submit(page);
	for (let day = 1; day <= 6; day++) await page.locator(`input[name=open_${day}]`).uncheck();
	await submit(page);
	await expect(page.getByText('Ouvrez au moins un jour de la semaine.')).toBeVisible();
	await page.locator('input[name=open_2]').check();
	await submit(page);
	await page.waitForURL(/\/dashboard\?provider=touria/);
	await expect(page.getByTestId('checklist')).toBeVisible();
	await page.context().close();
});

test('without JavaScript: a trade that cannot be set up yet, and a town that is not in the list', async ({
	browser
}) => {
	test.setTimeout(120_000);
	const page = await plain(browser);
	const town = `Azrou ${stamp}`;
	await page.goto('/become-provider');
	await page.locator('main').getByRole('link', { name: 'Créer un compte' }).click();
	await page.waitForURL(/\/sign-up/);
	await signUp(page, 'Ghita Azrou', `ghita.${stamp}@example.com`);
	await page.waitForURL(/step=who/);

	// What is booked by the table is not offered; one may ask to be told.
	const trades = page.locator('select[name=category_slug] option');
	await expect(trades.filter({ hasText: 'Plombier' })).toHaveCount(1);
	await expect(trades.filter({ hasText: 'Restaurant' })).toHaveCount(0);
	const closed = page.getByTestId('closed-trades');
	await closed.getByLabel('Mon métier').selectOption('restaurant');
	await closed.getByRole('button', { name: 'Me prévenir' }).click();
	await expect(closed.getByRole('status')).toContainText('Restaurant');
	await expect(closed.locator('option', { hasText: 'Restaurant' })).toHaveCount(0);

	await page.locator('input[name=name]').fill(`Ghita ${stamp}`);
	await page.locator('select[name=category_slug]').selectOption('coiffure');
	await submit(page);
	await page.waitForURL(/step=where/);
	await page.locator('input[name=district]').fill('Centre');
	await page.locator('input[name=address]').fill('2 rue du Cèdre');
	await page.locator('input[name=other_town]').fill(town);
	await submit(page);
	await expect(page.getByTestId('town')).toContainText(`Vous avez demandé\u00a0: ${town}`);
	await expect(page.locator('input[name=address]')).toHaveValue('2 rue du Cèdre');
	// one that is in the list is taken from it
	await page.locator('input[name=other_town]').fill('FES');
	await submit(page);
	await page.waitForURL(/step=service/);
	await page.getByRole('button', { name: 'Retour' }).click();
	await expect(page.locator('select[name=city_slug]')).toHaveValue('fes');

	const desk = await plain(browser);
	await enter(desk, await staff('moderator'));
	await desk.getByRole('link', { name: 'Voir les demandes' }).click();
	// by its heading: a town that is made is offered in the forms of all other requests
	const request = desk
		.getByTestId('requests')
		.getByRole('listitem')
		.filter({ has: desk.getByRole('heading', { name: town }) });
	const accept = request.locator('details').first();
	await accept.locator('summary').click();
	await accept.locator('input[name=name_ar]').fill('أزرو');
	await accept.locator('input[name=name_en]').fill('Azrou');
	await accept.locator('input[name=longitude]').fill('-5.2211');
	await accept.getByRole('button', { name: 'Accepter et prévenir' }).click();
	await expect(accept.locator('input[name=latitude]')).toHaveAttribute('aria-invalid', 'true');
	await expect(accept.locator('input[name=name_ar]')).toHaveValue('أزرو');
	await accept.locator('input[name=latitude]').fill('33.4344');
	await accept.getByRole('button', { name: 'Accepter et prévenir' }).click();
	await expect(desk.getByText('la personne a été prévenue')).toBeVisible();
	await expect(request).toHaveCount(0);

	// She is written to, and in another browser goes on where she was.
	const mail = await mailTo(`ghita.${stamp}@example.com`, /vous pouvez commencer/);
	expect(mail.Text).toContain('/become-provider?step=where');
	const elsewhere = await plain(browser);
	await signIn(elsewhere, `ghita.${stamp}@example.com`);
	await elsewhere.goto('/become-provider?step=where');
	await expect(elsewhere.getByTestId('town')).toContainText(`${town}\u00a0: c’est dans la liste`);
	await expect(elsewhere.locator('select[name=city_slug] option:checked')).toHaveText(town);
	await expect(elsewhere.locator('input[name=address]')).toHaveValue('2 rue du Cèdre');
	await submit(elsewhere);
	await elsewhere.waitForURL(/step=service/);
	for (const one of [page, desk, elsewhere]) await one.context().close();
});
