import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { mailTo, pay, person } from './people.ts';

/** Gives a guest's name and address, and books. */
async function bookAsGuest(page: Page, name: string): Promise<string> {
	const email = `${name.toLowerCase()}.${Date.now()}@example.com`;
	await page.locator('input[name=name]').fill(name);
	await page.locator('input[name=email]').fill(email);
	await page.locator('main form[method=POST] button[type=submit]').click();
	return email;
}

/** Goes on with the tab key until something has the focus. */
async function tabTo(wanted: Locator): Promise<void> {
	const page = wanted.page();
	for (let presses = 0; presses < 60; presses++) {
		if (await wanted.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`the tab key does not lead to ${wanted}`);
}

test('a guest books a table for four', async ({ browser }) => {
	const problems: string[] = [];
	const guest = await person(browser, problems);
	await guest.goto('/search?category=restaurant');
	await guest.getByRole('link', { name: 'Dar Zitoun' }).first().click();
	await guest.waitForURL(/\/providers\/dar-zitoun/);
	await guest.getByRole('link', { name: /Réserver : Déjeuner ou dîner/ }).click();
	await guest.getByRole('button', { name: '4 personnes' }).click();
	await guest.waitForURL(/party=4/);
	await guest.locator('main a[href*="at="]').last().click();
	await guest.waitForURL(/party=4.*at=/);
	await expect(guest.getByText('4 personnes', { exact: true })).toBeVisible();
	const email = await bookAsGuest(guest, 'Rkia');
	await guest.waitForURL(/\/b\//);
	await expect(guest.getByTestId('booking-status')).toHaveText('Confirmée');
	await expect(guest.getByText(/Table \d/)).toBeVisible();
	expect((await mailTo(email, /Dar Zitoun/)).Text).toContain('Dar Zitoun');
	expect(problems).toEqual([]);
	await guest.context().close();
});

test('a seat taken by somebody greys out on another’s map, who books the next by keyboard alone', async ({
	browser
}) => {
	const problems: string[] = [];
	const quick = await person(browser, problems);
	const slow = await person(browser, problems);
	await slow.goto('/providers/cinema-al-firdaous');
	await slow.getByRole('link', { name: /Réserver : La Caravane de minuit/ }).click();
	await slow.locator('main a[href*="session="]').last().click();
	await slow.waitForURL(/session=/);
	const seat = (page: Page, label: string) => page.locator(`input[type=checkbox][name=seats][value="${label}"]`);

	// She goes to the map with the tab key, and along its rows with the arrows.
	await slow.waitForFunction(() => document.querySelectorAll('input[name=seats][tabindex="0"]').length === 1);
	await tabTo(slow.locator('input[name=seats][tabindex="0"]'));
	await slow.keyboard.press('ArrowDown');
	await slow.keyboard.press('ArrowRight');
	await slow.keyboard.press('Space');
	const wanted = await slow.evaluate(() => (document.activeElement as HTMLInputElement).value);
	await expect(seat(slow, wanted)).toBeChecked();
	await slow.waitForURL(new RegExp(`seats=${wanted}`));

	// He sees the same room, and is quicker.
	await quick.goto(slow.url().replace(/&.*/, ''));
	await quick.waitForFunction(() => document.querySelectorAll('input[name=seats][tabindex="0"]').length === 1);
	await seat(quick, wanted).check({ force: true });
	await quick.getByRole('button', { name: 'Continuer' }).click();
	await quick.locator('input[name=name]').waitFor();
	await bookAsGuest(quick, 'Driss');
	await quick.waitForURL(/\/c\/pay\//);

	// Her map tells her, without reload, and the keyboard goes on beside the seat.
	await expect(seat(slow, wanted)).toBeDisabled({ timeout: 5000 });
	await expect(seat(slow, wanted)).not.toBeChecked();
	await expect(slow.getByText(`La place ${wanted} vient d’être prise`)).toBeVisible();
	await expect(slow.locator('input[type=checkbox][name=seats]:focus')).toBeEnabled();
	await slow.keyboard.press('ArrowDown');
	await slow.keyboard.press('Space');
	const other = await slow.evaluate(() => (document.activeElement as HTMLInputElement).value);
	expect(other).not.toBe(wanted);
	await tabTo(slow.getByRole('button', { name: 'Continuer' }));
	await slow.keyboard.press('Enter');
	await slow.locator('input[name=name]').waitFor();
	await tabTo(slow.locator('input[name=name]'));
	await slow.keyboard.type('Batoul');
	await slow.keyboard.press('Tab');
	await slow.keyboard.type(`batoul.${Date.now()}@example.com`);
	await slow.keyboard.press('Enter');
	await pay(slow, '4242 4242 4242 4242');
	await slow.waitForURL(/\/b\//);
	await expect(slow.getByTestId('booking-status')).toHaveText('Confirmée', { timeout: 25_000 });
	expect(problems).toEqual([]);
	await quick.context().close();
	await slow.context().close();
});

test('a seat ticked before the page’s scripts come is still chosen when they have', async ({ browser }) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	await page.goto('/providers/cinema-al-firdaous');
	await page.getByRole('link', { name: /Réserver : La Caravane de minuit/ }).click();
	await page.waitForURL(/\/book\//);
	const session = (await page.locator('main a[href*="session="]').last().getAttribute('href'))!;
	let letScriptsCome = () => {};
	const scriptsMayCome = new Promise<void>((resolve) => (letScriptsCome = resolve));
	await page.route('**/_app/**/*.js', async (route) => {
		await scriptsMayCome;
		await route.continue();
	});
	await page.goto(session, { waitUntil: 'commit' });
	const free = page.locator('input[type=checkbox][name=seats]:enabled');
	const [first, second] = [await free.nth(0).inputValue(), await free.nth(1).inputValue()];
	// By key: while the page comes, what the mouse aims at may still move.
	for (const seat of [free.nth(0), free.nth(1)]) {
		await seat.press('Space');
		await expect(seat).toBeChecked();
	}
	await expect(page.locator('input[name=seats][tabindex]')).toHaveCount(0);
	letScriptsCome();
	await page.waitForFunction(() => document.querySelectorAll('input[name=seats][tabindex="0"]').length === 1);
	for (const label of [first, second]) {
		await expect(page.locator(`input[type=checkbox][name=seats][value="${label}"]`)).toBeChecked();
	}
	await expect(page.getByText(`2 places : ${first}, ${second}`)).toBeVisible();
	await page.waitForURL(new RegExp(`seats=${first}&seats=${second}`));
	expect(problems).toEqual([]);
	await page.context().close();
});

for (const live of [true, false]) {
	test(`what was typed outlives a table taken meanwhile, ${live ? 'told live' : 'refused'}`, async ({ browser }) => {
		const guest = await person(browser, []);
		if (!live) await guest.routeWebSocket(/realtime/, (socket) => socket.close());
		await guest.goto('/providers/dar-zitoun');
		await guest.getByRole('link', { name: /Réserver : Menu du patio/ }).click();
		// eight fit once
		await guest.getByRole('button', { name: '8 personnes' }).click();
		const times = guest.locator('main a[href*="at="]');
		const wanted = new URL((await times.last().getAttribute('href'))!, 'http://site');
		await times.last().click();
		await guest.locator('input[name=name]').fill('Tamou');
		await guest.locator('textarea[name=notes]').fill('Une allergie aux noix.');
		// Let the page listen before somebody else books.
		await guest.waitForTimeout(1500);
		const visitor = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_PUBLISHABLE_KEY!);
		const taken = await visitor.rpc('create_booking', {
			service_id: wanted.pathname.split('/').at(-1),
			starts_at: wanted.searchParams.get('at'),
			party_size: 8,
			guest: { name: 'Somebody else', email: 'else@example.com' },
			idempotency_key: randomUUID()
		});
		expect(taken.error).toBeNull();
		if (!live) {
			await guest.locator('input[name=email]').fill('tamou@example.com');
			await guest.locator('main form[method=POST] button[type=submit]').click();
		}
		await expect(guest.getByText('Ce créneau vient d’être pris').first()).toBeVisible();
		await guest.locator('main a[href*="at="]').first().click();
		await expect(guest.locator('main a[href*="at="]')).toHaveCount(0);
		await expect(guest.locator('input[name=name]')).toHaveValue('Tamou');
		await expect(guest.locator('textarea[name=notes]')).toHaveValue('Une allergie aux noix.');
		await guest.locator('input[name=email]').fill('tamou@example.com');
		await guest.locator('main form[method=POST] button[type=submit]').click();
		await guest.waitForURL(/\/c\/pay\//);
		await guest.context().close();
	});
}

test('places in a course are booked before any script comes', async ({ browser }) => {
	const context = await browser.newContext({ locale: 'fr-MA', javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto('/providers/institut-tafoukt');
	await page.getByRole('link', { name: /Réserver : Excel pour la gestion/ }).click();
	await page.locator('main a[href*="session="]').last().click();
	await page.getByRole('button', { name: '2 places' }).click();
	await expect(page.getByText('1 800 MAD').or(page.getByText('1.800 MAD'))).toBeVisible();
	await bookAsGuest(page, 'Mbarka');
	await pay(page, '4242 4242 4242 4242');
	await page.waitForURL(/\/b\//);
	await expect(async () => {
		await page.reload();
		await expect(page.getByTestId('booking-status')).toHaveText('Confirmée', { timeout: 500 });
	}).toPass();
	await context.close();
});
