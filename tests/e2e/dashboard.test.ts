import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { database } from 'supabase-embedded/testing';
import { person, signIn } from './people.ts';

const salon = 'coiffure-lina';
const owner = `${salon}@example.com`;

/** The salon's plain haircut, and its free starts some days ahead. */
async function haircut(days: number): Promise<{ id: string; starts: string[] }> {
	const visitor = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_PUBLISHABLE_KEY!);
	const { data: services } = await visitor
		.from('services')
		.select('id, provider:providers!inner(slug)')
		.eq('provider.slug', salon)
		.eq('name_fr', 'Coupe simple');
	const id = services![0]!.id as string;
	const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
	const { data } = await visitor.rpc('available_slots', {
		service_id: id,
		from_date: day(days),
		to_date: day(days + 3)
	});
	return { id, starts: data.map(({ starts_at }: { starts_at: string }) => starts_at) };
}

/** Somebody asks for a haircut some days ahead. */
async function ask(name: string, days: number): Promise<string> {
	const { id, starts } = await haircut(days);
	const visitor = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_PUBLISHABLE_KEY!);
	const { data, error } = await visitor.rpc('create_booking', {
		service_id: id,
		starts_at: starts[0],
		guest: { name, email: `guest.${randomUUID()}@example.com`, phone: '+212600112233' },
		idempotency_key: randomUUID()
	});
	expect(error).toBeNull();
	return data.booking_id as string;
}

/** A browser in which no script runs. */
async function plain(browser: Browser): Promise<Page> {
	const context = await browser.newContext({ locale: 'fr-MA', javaScriptEnabled: false });
	return context.newPage();
}

const rows = (page: Page) => page.getByTestId('listed');
const tick = (page: Page, name: string) => rows(page).filter({ hasText: name }).getByRole('checkbox').check();

test('an owner finds bookings by filters and confirms several at once, before any script comes', async ({
	browser
}) => {
	const mark = `Sfiltre${Date.now()}`;
	await ask(`Aïcha ${mark}`, 20);
	await ask(`Badr ${mark}`, 24);
	const page = await plain(browser);
	await signIn(page, owner);
	await page.goto('/dashboard');
	await page
		.getByRole('navigation', { name: 'Navigation de mon activité' })
		.getByRole('link', { name: /Réservations/ })
		.click();
	await expect(page).toHaveURL(/\/dashboard\/bookings$/);
	await expect(page.locator('aside a[aria-current=page]')).toHaveText(/Réservations/);

	await page.getByRole('searchbox', { name: 'Nom du client ou référence' }).fill(mark.toLowerCase());
	await page.getByRole('button', { name: 'Rechercher' }).click();
	await expect(page.getByTestId('count')).toHaveText('2 réservations');
	await expect(rows(page).first()).toContainText('Badr');

	// By day, by status, in another order: all of it in the address.
	await page.getByText('Filtres', { exact: true }).click();
	await page.getByLabel('Trier par').selectOption('soonest');
	await page.getByRole('button', { name: 'Appliquer' }).click();
	await expect(rows(page).first()).toContainText('Aïcha');
	await expect(page).toHaveURL(/sort=soonest/);
	await page.goto(
		`/dashboard/bookings?q=${mark}&from=${new Date(Date.now() + 24 * 86_400_000).toISOString().slice(0, 10)}`
	);
	await expect(page.getByTestId('count')).toHaveText('1 réservation');
	await page.goto(`/dashboard/bookings?q=${mark}&status=confirmed`);
	await expect(page.getByText('Rien ne correspond')).toBeVisible();

	// One that is confirmed already is told apart from the one that is confirmed now.
	await page.goto(`/dashboard/bookings?q=${mark}`);
	await tick(page, 'Aïcha');
	await page.getByTestId('bulk').getByRole('button', { name: 'Confirmer' }).click();
	await expect(page.getByTestId('outcome')).toHaveText('1 réservation confirmée.');
	await expect(rows(page).filter({ hasText: 'Aïcha' })).toContainText('Confirmée');
	await expect(page).toHaveURL(new RegExp(`q=${mark}`));
	await tick(page, 'Aïcha');
	await tick(page, 'Badr');
	await page.getByTestId('bulk').getByRole('button', { name: 'Confirmer' }).click();
	await expect(page.getByTestId('outcome')).toContainText('1 réservation confirmée.');
	await expect(page.getByTestId('outcome')).toContainText(/1 n’a pas pu changer/);
	await expect(page.getByTestId('outcome').getByRole('listitem')).toHaveText(/KH\w+ — Ce n’est plus possible/);
	await page.context().close();
});

test('a member ticks rows, sees what they may become, and declines some with a word', async ({ browser }) => {
	const problems: string[] = [];
	const mark = `Srefus${Date.now()}`;
	const booking = await ask(`Chama ${mark}`, 21);
	await ask(`Driss ${mark}`, 25);
	const page = await person(browser, problems);
	await signIn(page, owner);
	await page.goto(`/dashboard/bookings?q=${mark}`);
	const bulk = page.getByTestId('bulk');
	await expect(bulk).toBeHidden();
	await tick(page, 'Chama');
	await expect(bulk).toContainText('1 cochée');
	// A request can be confirmed or declined, not completed.
	await expect(bulk.getByRole('button', { name: 'Confirmer' })).toBeVisible();
	await expect(bulk.getByRole('button', { name: 'Terminer' })).toHaveCount(0);
	await bulk.getByRole('checkbox', { name: 'Tout cocher' }).check();
	await expect(bulk).toContainText('2 cochées');
	await bulk.getByText('Refuser ou annuler…').click();
	await bulk.getByLabel('Un mot pour le client').fill('Nous sommes en congé.');
	await bulk.getByRole('button', { name: 'Refuser les demandes' }).click();
	await expect(page.getByTestId('outcome')).toHaveText('2 demandes refusées.');
	await expect(bulk).toBeHidden();
	await page.goto(`/dashboard/bookings/${booking}`);
	await expect(page.getByTestId('booking-status')).toHaveText('Refusée');
	await expect(page.getByText('Nous sommes en congé.')).toBeVisible();
	expect(problems).toEqual([]);
	await page.context().close();
});

test('the list leaves as a file that no spreadsheet runs, to those who may read it', async ({ browser }) => {
	const mark = `Scsv${Date.now()}`;
	await ask(`=1+2;"${mark}"`, 22);
	const sql = database();
	await sql`
		update bookings set paid_minor = 10000, refund_minor = 1250 where id = ${await ask(`Ilham ${mark}`, 26)}`;
	await sql.end();
	const page = await plain(browser);
	await signIn(page, owner);
	await page.goto(`/dashboard/bookings?q=Ilham+${mark}`);
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Exporter (CSV)' }).click()
	]);
	expect(download.suggestedFilename()).toMatch(/^coiffure-lina-\d{4}-\d\d-\d\d\.csv$/);

	const answer = await page.request.get(`/dashboard/bookings/export.csv?q=${mark}`);
	expect(answer.headers()['content-type']).toBe('text/csv; charset=utf-8');
	const body = await answer.body();
	expect([...body.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
	const lines = body.toString('utf8').slice(1).trimEnd().split('\r\n');
	expect(lines).toHaveLength(3);
	expect(lines[0]).toContain('Référence;Statut;Date;Heure;Prestation');
	expect(lines[1]).toContain(`;"'=1+2;""${mark}""";`);
	expect(lines[1]).toContain(';+212 6 00 11 22 33;');
	// What came and what went back are told as the database has them.
	const [head, cells] = [lines[0]!.split(';'), lines[2]!.split(';')];
	expect([cells[head.indexOf('Payé')], cells[head.indexOf('Remboursé')]]).toEqual(['100', '12,5']);
	expect(lines[2]).toContain(`;Ilham ${mark};`);

	// All pages of it, not the one that is shown.
	await page.goto('/dashboard/bookings?sort=latest');
	const count = Number((await page.getByTestId('count').textContent())!.match(/\d+/)![0]);
	expect(count).toBeGreaterThan(25);
	// Opened without a wish, it begins with what comes next.
	await page.goto('/dashboard/bookings');
	await expect(page.getByRole('link', { name: 'À venir' })).toHaveAttribute('aria-current', 'true');
	const all = (await (await page.request.get('/dashboard/bookings/export.csv')).text()).trimEnd().split('\r\n');
	expect(all.filter((line) => /^\ufeff?KH/.test(line)).length).toBe(count);

	// Somebody else's dashboard knows nothing of them, and a visitor is asked to sign in.
	await page.context().clearCookies();
	await signIn(page, 'salon-oum-kaltoum@example.com');
	const others = await page.request.get(`/dashboard/bookings/export.csv?q=${mark}&provider=${salon}`);
	expect((await others.text()).trimEnd().split('\r\n')).toHaveLength(1);
	await page.context().clearCookies();
	const nobody = await page.request.get(`/dashboard/bookings/export.csv?q=${mark}`);
	expect(nobody.url()).toContain('/sign-in?next=');
	await page.context().close();
});

test('a promo code is made, used in the wizard, counted, and switched off', async ({ browser }) => {
	const problems: string[] = [];
	const code = `FETE${Date.now() % 1_000_000}`;
	const page = await person(browser, problems);
	await signIn(page, owner);
	await page.goto('/dashboard');
	await page.getByRole('navigation', { name: 'Navigation de mon activité' }).getByText('Plus').click();
	await page.getByRole('link', { name: 'Codes promo' }).click();
	await page.getByRole('link', { name: 'Nouveau code' }).click();
	await page.getByLabel('Code', { exact: true }).fill(code.toLowerCase());
	await page.getByLabel('Remise').fill('120');
	await page.getByLabel('Pour', { exact: true }).selectOption({ label: 'Coupe simple' });
	await page.getByLabel(/Nombre d’utilisations/).fill('5');
	await page.getByRole('button', { name: 'Créer le code' }).click();
	await expect(page.getByText('Un nombre entier de 1 à 100.')).toBeVisible();
	await expect(page.getByLabel('Remise')).toBeFocused();
	await expect(page.getByLabel('Code', { exact: true })).toHaveValue(code.toLowerCase());
	await page.getByLabel('Remise').fill('25');
	await page.getByRole('button', { name: 'Créer le code' }).click();
	await expect(page.getByText('Le code est créé.')).toBeVisible();
	const card = page.getByTestId('promo').filter({ hasText: code });
	await expect(card).toContainText('25 % de remise');
	await expect(card).toContainText('Pas encore utilisé');

	// The same name again is refused in words.
	await page.getByRole('link', { name: 'Nouveau code' }).click();
	await page.getByLabel('Code', { exact: true }).fill(code);
	await page.getByLabel('Remise').fill('10');
	await page.getByRole('button', { name: 'Créer le code' }).click();
	await expect(page.getByText('Vous avez déjà un code de ce nom.')).toBeVisible();

	// A customer books with it.
	const { id } = await haircut(27);
	const customer = await person(browser, problems);
	await customer.goto(`/book/${id}`);
	await customer.locator('main a[href*="at="]').last().click();
	await customer.waitForURL(/at=/);
	await customer.getByText('Un code promo').click();
	await customer.locator('input[name=promo]').fill(code.toLowerCase());
	await customer.getByRole('button', { name: 'Appliquer' }).click();
	await expect(customer.getByText('Remise', { exact: true })).toBeVisible();
	await customer.locator('input[name=name]').fill('Yto');
	await customer.locator('input[name=email]').fill(`yto.${Date.now()}@example.com`);
	await customer.locator('main form[method=POST] button[type=submit]').click();
	await customer.waitForURL(/\/b\//);

	await page.goto('/dashboard/promo-codes');
	await expect(card).toContainText('Utilisé 1 fois sur 5');

	// Its terms change; then it is switched off, and holds no more.
	await card.getByRole('link', { name: `Modifier ${code}` }).click();
	await expect(page.getByLabel(/Nombre d’utilisations/)).toHaveValue('5');
	await page.getByLabel(/Nombre d’utilisations/).fill('');
	await page.getByLabel(/Dernier jour/).fill('2040-12-31');
	await page.getByRole('button', { name: 'Enregistrer' }).click();
	await expect(page.getByText('Le code est modifié.')).toBeVisible();
	await expect(card).toContainText('au 31 décembre 2040');
	await expect(card).toContainText('Utilisé 1 fois');
	await card.getByRole('button', { name: 'Désactiver' }).click();
	await expect(card).toContainText('Désactivé');
	await customer.goto(`/book/${id}?promo=${code}`);
	await customer.locator('main a[href*="at="]').last().click();
	await expect(customer.getByText('Ce code promo n’est pas valable ici.')).toBeVisible();
	// The two forms that were refused.
	expect(problems.filter((problem) => !/status of 4(09|22)/.test(problem))).toEqual([]);
	for (const one of [page, customer]) await one.context().close();
});

test('what a change of clocks brought together stays before its owner until it is settled, and before nobody else', async ({
	browser
}) => {
	const booking = await ask('Widad', 24);
	const sql = database();
	const [row] = await sql<{ reference: string }[]>`
		with made as (
			insert into clock_clashes (provider_id, kind, booking_id, local_starts_at)
			select provider_id, 'skipped', id, local_starts_at from bookings where id = ${booking}
			returning booking_id
		)
		select reference from bookings join made on made.booking_id = bookings.id`;
	const page = await plain(browser);
	await signIn(page, 'karim@example.com');
	await page.goto('/dashboard');
	await expect(page.getByText(row!.reference)).toHaveCount(0);
	await page.context().clearCookies();
	await signIn(page, owner);
	await page.goto('/dashboard');
	const line = page.getByRole('listitem').filter({ hasText: `La réservation ${row!.reference} tombait sur` });
	await expect(line).toHaveCount(1);
	await line.getByRole('button', { name: 'C’est réglé' }).click();
	await expect(line).toHaveCount(0);
	expect(await sql`select id from clock_clashes where booking_id = ${booking}`).toHaveLength(0);
	await sql.end();
	await page.context().close();
});

test('staff see their day and the bookings, but no promo codes', async ({ browser }) => {
	const page = await plain(browser);
	await signIn(page, 'karim@example.com');
	await page.goto('/dashboard/waitlist');
	const places = page.locator('aside').getByRole('navigation');
	await expect(places.getByRole('link', { name: /Liste d’attente/ })).toHaveAttribute('aria-current', 'page');
	await expect(places.getByRole('link', { name: 'Codes promo' })).toHaveCount(0);
	expect((await page.goto('/dashboard/promo-codes'))!.status()).toBe(403);
	expect((await page.goto('/dashboard/promo-codes/new'))!.status()).toBe(403);
	await page.context().close();
});

test('who waits is in the line with when, but how to reach them is not told before a booking links them', async ({
	browser
}) => {
	const { id } = await haircut(1);
	const name = `Wissal ${Date.now()}`;
	const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
	const visitor = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_PUBLISHABLE_KEY!);
	const { error } = await visitor.rpc('join_waitlist', {
		service_id: id,
		period: `["${at(2)} 00:00 Africa/Casablanca","${at(4)} 00:00 Africa/Casablanca")`,
		guest: { name, email: `wissal.${Date.now()}@example.com`, phone: '0612345678' }
	});
	expect(error).toBeNull();
	const page = await plain(browser);
	await signIn(page, owner);
	await page.goto('/dashboard/waitlist');
	const entry = page.getByTestId('in-line').filter({ hasText: name });
	await expect(entry).toContainText(/Du .* au /);
	await expect(page.locator('main')).not.toContainText('+212612345678');
	await page.context().close();
});

test('opening a booking’s page reads what was notified of it', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	await signIn(page, owner);
	await page.goto('/notifications');
	const all = page.locator('form[action*=read_all] button');
	if (await all.isVisible()) await all.click();
	const bell = page.getByTestId('bell');
	await expect(bell).toHaveAccessibleName('Notifications');
	const name = `Zineb ${Date.now()}`;
	const booking = await ask(name, 23);
	await expect(bell).toHaveAccessibleName('Notifications, 1 non lue');

	// A link that is only pointed at fetches the page ahead: that is not opening it.
	await page.goto(`/dashboard/bookings?q=${encodeURIComponent(name)}`);
	await expect(async () => {
		await page.mouse.move(0, 0);
		const fetched = page.waitForResponse((response) => response.url().includes(`/${booking}/__data.json`), {
			timeout: 2000
		});
		await page.getByRole('link', { name }).hover();
		await fetched;
	}).toPass();
	await page.reload();
	await expect(bell).toHaveAccessibleName('Notifications, 1 non lue');
	await page.getByRole('link', { name }).click();
	await page.waitForURL(new RegExp(booking));
	await expect(bell).toHaveAccessibleName('Notifications');
	expect(problems).toEqual([]);
	await page.context().close();
});
