import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { password } from './people.ts';

const phone = { locale: 'fr-MA', viewport: { width: 390, height: 844 } };
const offline = /Votre saisie est conservée/;

/** Waits until the page's scripts have taken over: Kit then adds what it announces pages with. */
const scripted = (page: Page) => page.locator('#svelte-announcer').waitFor({ state: 'attached' });

test('a lost connection takes nothing of what was typed into a booking, and it can be sent again', async ({
	browser
}) => {
	const context = await browser.newContext(phone);
	const page = await context.newPage();
	await page.goto('/providers/plomberie-al-amal');
	const times = page.locator('a[href*="/book/"][href*="at="]');
	// Its own time: other journeys book here too.
	await times.nth((await times.count()) - 1).click();
	await page.waitForURL(/\/book\//);
	await scripted(page);
	const typed = { name: 'Zineb', email: 'zineb@example.com', line: '3 rue des Orangers', notes: 'Sonnez deux fois' };
	for (const [name, value] of Object.entries(typed)) await page.locator(`[name=${name}]`).fill(value);

	await context.setOffline(true);
	const submit = page.locator('main form[method=POST] button[type=submit]');
	await submit.click();
	const alert = page.locator('main form [role=alert]');
	await expect(alert).toHaveText(offline);
	await expect(alert).toBeInViewport();
	await expect(page.locator('main form > [tabindex="-1"]')).toBeFocused();
	// The form is taller than the screen: what is wrong stands at its button too.
	await expect(page.getByText(offline)).toHaveCount(2);
	for (const [name, value] of Object.entries(typed)) await expect(page.locator(`[name=${name}]`)).toHaveValue(value);

	await context.setOffline(false);
	await submit.click();
	await page.waitForURL(/\/c\/pay\/|\/b\//);
	await context.close();
});

test('a lost connection leaves who signs in on the page, password and all', async ({ browser }) => {
	const context = await browser.newContext(phone);
	const page = await context.newPage();
	await page.goto('/sign-in');
	await scripted(page);
	await page.locator('input[name=email]').fill('amina@example.com');
	await page.locator('input[name=password]').fill(password);
	await context.setOffline(true);
	const submit = page.locator('main form[method=POST] button[type=submit]');
	await submit.click();
	await expect(page.locator('main form [role=alert]')).toHaveText(offline);
	await expect(page.locator('input[name=password]')).toHaveValue(password);
	await context.setOffline(false);
	await submit.click();
	await page.waitForURL((url) => !url.pathname.includes('sign-in'));
	await context.close();
});

test('all that is missing in a booking is said at once, and the first of it has the focus', async ({ browser }) => {
	const context = await browser.newContext(phone);
	const page = await context.newPage();
	await page.goto('/providers/plomberie-al-amal');
	await page.locator('a[href*="/book/"][href*="at="]').last().click();
	await page.waitForURL(/\/book\//);
	await scripted(page);
	await page.locator('main form[method=POST] button[type=submit]').click();
	await expect(page.locator('main [aria-invalid=true]')).toHaveCount(3);
	await expect(page.locator('input[name=name]')).toBeFocused();
	await expect(page.locator('input[name=name]')).toBeInViewport();
	await context.close();
});

test('who comes back from paying finds their own place, not one that somebody else took', async ({ browser }) => {
	const context = await browser.newContext(phone);
	const page = await context.newPage();
	await page.goto('/providers/plomberie-al-amal');
	const times = page.locator('a[href*="/book/"][href*="at="]');
	await times.nth((await times.count()) - 2).click();
	await page.waitForURL(/\/book\//);
	await scripted(page);
	const wizard = page.url();
	for (const [name, value] of Object.entries({ name: 'Rim', email: 'rim@example.com', line: '5 rue du Port' }))
		await page.locator(`[name=${name}]`).fill(value);
	await page.locator('main form[method=POST] button[type=submit]').click();
	await page.waitForURL(/\/c\/pay\//);

	await page.goto(wizard);
	const held = page.getByTestId('held');
	await expect(held).toContainText('Cette place vous est gardée');
	await expect(page.getByText('vient d’être pris')).toHaveCount(0);
	await scripted(page);
	await held.getByRole('button', { name: 'Reprendre le paiement' }).click();
	await page.waitForURL(/\/c\/pay\//);

	await page.goto(wizard);
	await scripted(page);
	await held.getByRole('button', { name: 'Libérer la place' }).click();
	await page.waitForURL(/\/b\//);
	await expect(page.getByTestId('booking-status')).toHaveText('Annulée');
	await context.close();
});
