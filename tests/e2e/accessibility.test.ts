import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { signIn } from './people.ts';

const open = [
	'/',
	'/search?q=plombier',
	'/providers/plomberie-al-amal',
	'/sign-in',
	'/sign-up',
	'/sign-in-link',
	'/forgot-password',
	'/account/deleted'
];
const personal = [
	'/bookings',
	'/messages',
	'/notifications',
	'/account',
	'/account/security',
	'/account/security/authenticator',
	'/account/security/password',
	'/account/security/email',
	'/account/data'
];

/** How many, which session, how many of its places, which of its seats: the wizard's screens, by the links to them. */
async function wizard(page: Page): Promise<string[]> {
	const last = async (path: string, part: string) => {
		await page.goto(path);
		return (await page.locator(`main a[href*="${part}"]`).last().getAttribute('href'))!;
	};
	const screens = [await last('/providers/dar-zitoun', '/book/')];
	screens.push(`${screens[0]}?party=4`);
	for (const provider of ['institut-tafoukt', 'cinema-al-firdaous']) {
		const sessions = await last(`/providers/${provider}`, '/book/');
		screens.push(sessions, await last(sessions, 'session='));
	}
	return [...screens, `${screens[0]}/waitlist`];
}

/**
 * Each page in both themes, and in Arabic, by the rules of WCAG 2.2 AA; and nothing wider than a phone. The window is as
 * tall as the page, since what the fixed bar covers for the moment would count as too small.
 */
for (const { language, scheme } of [
	{ language: '', scheme: 'light' },
	{ language: '/ar', scheme: 'dark' }
] as const) {
	test(`pages are accessible and fit a phone: ${language || '/fr'}, ${scheme}`, async ({ browser }) => {
		const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 390, height: 9000 } });
		const page = await context.newPage();
		const check = async (path: string) => {
			await page.goto(language + path);
			const tall = await page.evaluate(() => document.documentElement.scrollHeight);
			await page.setViewportSize({ width: 390, height: Math.max(9000, tall + 500) });
			const { violations } = await new AxeBuilder({ page })
				.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
				.analyze();
			const found = violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`);
			const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			return overflow > 0 ? [...found, `${path} is ${overflow}px too wide`] : found;
		};
		const problems: string[] = [];
		for (const path of [...open, ...(await wizard(page))]) problems.push(...(await check(path)));
		await signIn(page, 'amina@example.com');
		await page.goto('/bookings');
		const booking = (await page.locator('main a[href*="/bookings/"]').first().getAttribute('href'))!;
		for (const path of [...personal, booking, `${booking}/reschedule`]) problems.push(...(await check(path)));
		await context.clearCookies();
		await signIn(page, 'youssef@example.com');
		await page.goto('/dashboard');
		const request = (await page.getByTestId('requests').getByRole('link').first().getAttribute('href'))!;
		const desk = ['bookings', 'bookings?status=confirmed&sort=price', 'waitlist', 'promo-codes', 'promo-codes/new'];
		for (const path of [
			'/dashboard',
			request,
			'/dashboard/calendar-feed',
			...desk.map((name) => `/dashboard/${name}`)
		]) {
			problems.push(...(await check(path)));
		}
		expect(problems).toEqual([]);
		await context.close();
	});
}
