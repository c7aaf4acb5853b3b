import { expect, test } from '@playwright/test';
import { person, signIn } from './people.ts';

test('who is booked and who is answered hear of it by the bell, live, and reading is told to every screen', async ({
	browser
}) => {
	const problems: string[] = [];
	const owner = await person(browser, problems);
	const customer = await person(browser, problems, 'en-GB');
	await signIn(owner, 'coiffure-lalla-mina@example.com');
	await signIn(customer, 'emily.carter@example.com');
	const ownersBell = owner.getByTestId('bell');
	const customersBell = customer.getByTestId('bell');

	// Both begin with nothing unread, on pages that have nothing to do with bookings.
	for (const page of [owner, customer]) {
		await page.goto(page === owner ? '/notifications' : '/en/notifications');
		const all = page.locator('form[action*=read_all] button');
		if (await all.isVisible()) await all.click();
		await expect(page.getByTestId('bell')).toHaveAccessibleName('Notifications');
	}
	await owner.goto('/search');
	// A page that is loaded again forgets this.
	await owner.evaluate(() => (document.documentElement.dataset.kept = 'yes'));

	// She books a free time: his bell counts up.
	await customer.goto('/en/providers/coiffure-lalla-mina');
	await customer.locator('a[href*="/book/"][href*="at="]').first().click();
	await customer.waitForURL(/\/book\//);
	await customer.locator('main form[method=POST] button[type=submit]').click();
	await customer.waitForURL(/\/bookings\//);
	await expect(ownersBell).toHaveAccessibleName('Notifications, 1 non lue');
	await expect(ownersBell).toHaveText('1');
	await expect(owner.getByRole('status').filter({ hasText: 'Notifications, 1 non lue' })).toBeAttached();

	// He follows it to the booking, which counts as reading it.
	await ownersBell.click();
	await owner.getByRole('link', { name: /Nouvelle demande de .*Emily Carter.*Non lue/ }).click();
	await owner.waitForURL(/\/dashboard\/bookings\//);
	await expect(ownersBell).toHaveAccessibleName('Notifications');

	// She is on the booking's page, and has read that it was received. He confirms: her bell counts up on this very page.
	await expect(customersBell).toHaveAccessibleName('Notifications');
	await owner.locator('form:has(input[value=confirmed]) button').click();
	await expect(customersBell).toHaveAccessibleName('Notifications, 1 unread');
	await expect(customer.getByTestId('booking-status')).toHaveText('Confirmed');

	// While her list is open he writes, and she reads on another screen, one without JavaScript.
	await customersBell.click();
	await customer.waitForURL(/\/notifications/);
	const message = owner.locator('form:has(textarea[name=body])');
	await message.locator('textarea').fill('Bonjour !');
	await message.locator('button[type=submit]').click();
	await expect(customersBell).toHaveAccessibleName('Notifications, 2 unread');
	const unread = customer.getByRole('link', { name: /Unread/ });
	await expect(unread).toHaveCount(2);
	const plain = await browser.newContext({
		javaScriptEnabled: false,
		storageState: await customer.context().storageState()
	});
	const screen = await plain.newPage();
	await screen.goto('/en/notifications');
	await screen.getByRole('link', { name: /is confirmed.*Unread/ }).click();
	await expect(screen).toHaveURL(/\/en\/bookings\/[0-9a-f-]{36}$/);
	await expect(customersBell).toHaveAccessibleName('Notifications, 1 unread');
	await expect(unread).toHaveCount(1);
	await screen.goBack();
	await screen.getByRole('button', { name: 'Mark all as read' }).click();
	await expect(screen.getByText('You are all caught up.')).toBeVisible();
	await expect(customersBell).toHaveAccessibleName('Notifications');
	await expect(unread).toHaveCount(0);

	await expect(owner.locator('html')).toHaveAttribute('data-kept', 'yes');
	expect(problems).toEqual([]);
	for (const context of [plain, owner.context(), customer.context()]) await context.close();
});

test('a visitor has no bell and asks for nothing of it', async ({ page }) => {
	const asked: string[] = [];
	page.on('request', (request) => asked.push(request.url()));
	await page.goto('/');
	await page.waitForLoadState('networkidle');
	await expect(page.getByTestId('bell')).toHaveCount(0);
	const scripts = await Promise.all(
		asked.filter((url) => url.endsWith('.js')).map(async (url) => (await page.request.get(url)).text())
	);
	expect(scripts.filter((script) => script.includes('notifications_read'))).toEqual([]);
	expect(asked.filter((url) => url.startsWith('ws'))).toEqual([]);
	await page.goto('/notifications');
	await expect(page).toHaveURL(/\/sign-in\?next=%2Fnotifications/);
});
