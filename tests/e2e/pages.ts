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
	'/find-booking',
	'/account/deleted',
	'/become-provider',
	'/invitations/unknown',
	'/confirm-booking/unknown'
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

/** The pages of platform staff, with a request for verification and one for a town to look at. */
export async function administration(page: Page): Promise<string[]> {
	const { id, owner } = await waitingBusiness();
	await owner.client.rpc('request_town', { town: 'Azrou' });
	await page.goto(`/admin/providers/${id}`);
	const verification = (await page.locator('main a[href*="/admin/verifications/"]').first().getAttribute('href'))!;
	const lists = [
		'',
		'/accounts',
		'/accounts?q=nobody',
		'/verifications',
		'/requests',
		'/providers',
		'/bookings?q=KH23456789',
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
export const people: {
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
