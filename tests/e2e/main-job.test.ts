import { expect, test } from '@playwright/test';
import { bookFirstFreeTime, mailTo, pay, person, signIn, signUp, words } from './people.ts';

const languages = [
	{ language: 'fr', prefix: '', query: 'plombier', name: 'Ghita Alami' },
	{ language: 'ar', prefix: '/ar', query: 'سباك', name: 'غيثة العلمي' }
] as const;

for (const { language, prefix, query, name: usual } of languages) {
	test(`the main job with two people, in ${language}`, async ({ browser }) => {
		// Nobody else's: the plumber must find this booking among all that were made today.
		const name = `${usual} ${Date.now().toString(36)}`;
		const problems: string[] = [];
		const say = words[language];
		const plumber = await person(browser, problems);
		const customer = await person(browser, problems, language === 'ar' ? 'ar-MA' : 'fr-MA');
		await signIn(plumber, 'youssef@example.com');
		await plumber.goto('/dashboard');
		const requests = plumber.getByTestId('requests');
		await expect(requests).toBeVisible();

		// A guest finds a plumber in Casablanca …
		await customer.goto(prefix || '/');
		await expect(customer.locator('html')).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr');
		await customer.locator('main input[name=q]').fill(query);
		await customer.locator('main select[name=city]').selectOption('casablanca');
		await customer.locator('main form[role=search] button[type=submit]').click();
		await customer.locator('main a[href$="/providers/plomberie-al-amal"]').click();
		await customer.waitForURL(/plomberie-al-amal/);

		// … signs up on the way to booking, and confirms by the mail …
		// Each journey takes a time of its own: they run side by side.
		await customer
			.locator('a[href*="/book/"][href*="at="]')
			.nth(language === 'ar' ? 12 : 4)
			.click();
		await customer.locator('main a[href*="/sign-up"]').click();
		const email = `ghita.${language}.${Date.now()}@example.com`;
		await customer.waitForURL(/\/sign-up/);
		await signUp(customer, name, email);
		await customer.waitForURL(/\/book\//);

		// … books and pays, and the plumber's open dashboard shows it without reload.
		await customer.locator('input[name=line]').fill('3 rue des Orangers');
		await customer.locator('main form[method=POST] button[type=submit]').click();
		await pay(customer, '4242 4242 4242 4242');
		await customer.waitForURL(/\/bookings\/[0-9a-f-]{36}/);
		await expect(requests.getByText(name)).toBeVisible();

		// He confirms; her page changes without reload.
		await requests.getByTestId('booking-row').filter({ hasText: name }).getByRole('button').first().click();
		await expect(customer.getByTestId('booking-status')).toHaveText(say.confirmed);

		// They exchange messages, live both ways.
		await plumber.getByRole('link', { name }).first().click();
		await plumber.waitForURL(/\/dashboard\/bookings\//);
		await customer.getByRole('log').waitFor();
		await customer.locator('textarea[name=body]').fill('Bonjour, à quelle heure ?');
		await customer.locator('textarea[name=body]').press('Enter');
		await expect(plumber.getByRole('log').getByText('à quelle heure ?')).toBeVisible();
		await plumber.locator('textarea[name=body]').fill('À neuf heures.');
		await plumber.locator('textarea[name=body]').press('Enter');
		await expect(customer.getByRole('log').getByText('À neuf heures.')).toBeVisible();

		// The confirmation is in her mail, in her language.
		const mail = await mailTo(email, say.expects);
		expect(mail.HTML).toContain(language === 'ar' ? 'dir="rtl"' : 'dir="ltr"');
		expect(problems).toEqual([]);
		await plumber.context().close();
		await customer.context().close();
	});
}

test('a declined card leaves the hold and says so; 3-D Secure and another card then pay it', async ({ browser }) => {
	const problems: string[] = [];
	const customer = await person(browser, problems);
	await signIn(customer, 'amina@example.com');
	await customer.goto('/providers/plomberie-al-amal');
	await bookFirstFreeTime(customer);
	await pay(customer, '4000 0000 0000 9995');
	// The checkout page says it first, in its own words, and lets one go back.
	await expect(customer.locator('#number')).toBeVisible();
	await customer.locator('a[href*="payment=cancelled"]').click();
	await customer.waitForURL(/\/bookings\//);
	await expect(customer.getByText(words.fr.declined)).toBeVisible();
	await customer.getByRole('button', { name: /Payer/ }).click();
	await pay(customer, '4000 0025 0000 3155');
	await customer.locator('button[name=outcome][value=complete]').click();
	await customer.waitForURL(/\/bookings\//);
	await expect(customer.getByTestId('booking-status')).toHaveText('Demande envoyée');
	expect(problems).toEqual([]);
	await customer.context().close();
});

test('a guest books without an account, sees it by the secret link, and cancels it', async ({ browser }) => {
	const problems: string[] = [];
	const guest = await person(browser, problems);
	await guest.goto('/providers/plomberie-al-amal');
	// the one service that is paid on site
	await guest.getByRole('link', { name: /Remplacement de robinetterie/ }).click();
	await guest.waitForURL(/\/book\//);
	await guest.locator('a[href*="at="]').first().click();
	await guest.locator('main form[method=POST] button[type=submit]').click();
	await expect(guest.locator('[aria-invalid=true]').first()).toBeVisible();
	await guest.locator('input[name=name]').fill('Zoubida');
	await guest.locator('input[name=email]').fill(`zoubida.${Date.now()}@example.com`);
	await guest.locator('input[name=phone]').fill('06 12 34 56 78');
	await guest.locator('input[name=line]').fill('8 rue du Souk');
	await guest.locator('main form[method=POST] button[type=submit]').click();
	await guest.waitForURL(/\/b\//);
	await expect(guest.getByTestId('booking-status')).toHaveText('Demande envoyée');
	await guest.getByText('Annuler la réservation').click();
	await guest.getByRole('button', { name: 'Oui, annuler' }).click();
	await expect(guest.getByTestId('booking-status')).toHaveText('Annulée');
	expect(problems.filter((problem) => !problem.includes('422'))).toEqual([]);
	await guest.context().close();
});
