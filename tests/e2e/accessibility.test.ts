import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { signIn } from './people.ts';
import { enter, staff, waitingBusiness } from './staff.ts';

const open = [
	'/',
	'/search?q=plombier',
	'/providers/plomberie-al-amal',
	'/sign-in',
	'/sign-up',
	'/sign-in-link',
	'/forgot-password',
	'/account/deleted',
	'/become-provider',
	'/invitations/unknown'
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
const desk = ['bookings', 'waitlist', 'promo-codes', 'promo-codes/new', 'team', 'verification', 'calendar-feed'];

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

/** The steps of becoming a provider, filled in so far that each can be opened. */
async function guidedStart(page: Page): Promise<string[]> {
	const steps = ['who', 'where', 'service', 'hours'].map((step) => `/become-provider?step=${step}`);
	const send = async (next: string) => {
		await page.locator('main form[method=POST] button[type=submit]').first().click();
		await page.waitForURL((url) => url.search.includes(next));
	};
	await page.goto(steps[0]!);
	await page.waitForLoadState('networkidle');
	await page.locator('input[name=name]').fill('Atelier');
	await page.locator('select[name=category_slug]').selectOption({ index: 1 });
	await send('where');
	await page.locator('select[name=city_slug]').selectOption({ index: 1 });
	await page.locator('input[name=district]').fill('Centre');
	await page.locator('input[name=address]').fill('1 rue des Potiers');
	await send('service');
	await page.locator('input[name=service_name]').fill('Poterie');
	await page.locator('input[name=price_minor]').fill('100');
	await send('hours');
	return steps;
}

/** The pages of platform staff, with a request for verification to look at. */
async function administration(page: Page): Promise<string[]> {
	const { id, owner } = await waitingBusiness();
	await page.goto(`/admin/providers/${id}`);
	const verification = (await page.locator('main a[href*="/admin/verifications/"]').first().getAttribute('href'))!;
	const lists = [
		'',
		'/accounts',
		'/accounts?q=nobody',
		'/verifications',
		'/providers',
		'/audit',
		'/audit?actor=nobody'
	];
	return [
		...lists.map((path) => `/admin${path}`),
		`/admin/accounts/${owner.id}`,
		`/admin/providers/${id}`,
		verification
	];
}

/** Who looks at which pages; found by what is on the pages where their addresses are not known before. */
const people: {
	who: string;
	arrive?: (page: Page) => Promise<void>;
	pages: (page: Page) => Promise<string[]>;
}[] = [
	{ who: 'a visitor', pages: async (page) => [...open, ...(await wizard(page))] },
	{
		who: 'a customer',
		arrive: (page) => signIn(page, 'amina@example.com'),
		pages: async (page) => {
			await page.goto('/bookings');
			const booking = (await page.locator('main a[href*="/bookings/"]').first().getAttribute('href'))!;
			return [...personal, booking, `${booking}/reschedule`, ...(await guidedStart(page))];
		}
	},
	{
		who: 'a provider',
		arrive: (page) => signIn(page, 'youssef@example.com'),
		pages: async (page) => {
			await page.goto('/dashboard');
			const request = (await page.getByTestId('requests').getByRole('link').first().getAttribute('href'))!;
			return ['/dashboard', request, ...desk.map((name) => `/dashboard/${name}`)];
		}
	},
	{
		who: 'one of the platform’s staff',
		arrive: async (page) => enter(page, await staff('super_admin')),
		pages: administration
	}
];

/**
 * Each page in both themes, and in Arabic, by the rules of WCAG 2.2 AA; and nothing wider than a phone. The window is as
 * tall as the page, since what the fixed bar covers for the moment would count as too small.
 */
for (const { language, scheme } of [
	{ language: '', scheme: 'light' },
	{ language: '/ar', scheme: 'dark' }
] as const) {
	for (const { who, arrive, pages } of people) {
		test(`${who} has pages that are accessible and fit a phone: ${language || '/fr'}, ${scheme}`, async ({
			browser
		}) => {
			// A dozen pages, each judged as a whole.
			test.slow();
			const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 390, height: 9000 } });
			const page = await context.newPage();
			await arrive?.(page);
			const problems: string[] = [];
			for (const path of await pages(page)) {
				await page.goto(language + path);
				problems.push(...(await judge(page, path)));
			}
			expect(problems).toEqual([]);
			await context.close();
		});
	}
}

test('the dashboard is accessible on a wide screen, with rows ticked and filters open', async ({ browser }) => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 9000 } });
	const page = await context.newPage();
	await signIn(page, 'youssef@example.com');
	await page.goto('/dashboard/bookings?status=confirmed');
	await page.getByTestId('listed').getByRole('checkbox').first().check();
	await expect(page.getByTestId('bulk')).toBeVisible();
	expect(await judge(page, 'rows ticked')).toEqual([]);
	await context.close();
});

test('the area of platform staff is accessible on a wide screen, with everything unfolded', async ({ browser }) => {
	test.slow();
	const context = await browser.newContext({ viewport: { width: 1280, height: 9000 } });
	const page = await context.newPage();
	await enter(page, await staff('super_admin'));
	const problems: string[] = [];
	for (const path of await administration(page)) {
		await page.goto(path);
		await page.locator('main details').evaluateAll((all) => {
			for (const folded of all) (folded as HTMLDetailsElement).open = true;
		});
		problems.push(...(await judge(page, path)));
	}
	expect(problems).toEqual([]);
	await context.close();
});

/** What is wrong with the page that is open, each a line. */
async function judge(page: Page, path: string): Promise<string[]> {
	const { width, height } = page.viewportSize()!;
	const tall = await page.evaluate(() => document.documentElement.scrollHeight);
	await page.setViewportSize({ width, height: Math.max(height, tall + 500) });
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.analyze();
	const found = violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	return overflow > 0 ? [...found, `${path} is ${overflow}px too wide`] : found;
}
