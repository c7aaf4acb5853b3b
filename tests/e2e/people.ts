import { expect } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';

export const password = 'khadamat-demo';

interface Words {
	signIn: RegExp;
	confirmed: string;
	declined: RegExp;
	expects: RegExp;
}

/** The few words that the journeys look for, as a person reads them. */
export const words: Record<'fr' | 'ar', Words> = {
	fr: {
		signIn: /Se connecter/,
		confirmed: 'Confirmée',
		declined: /provision insuffisante/,
		expects: /vous attend pour/
	},
	ar: {
		signIn: /تسجيل الدخول/,
		confirmed: 'مؤكد',
		declined: /الرصيد غير كافٍ/,
		expects: /في انتظارك من أجل/
	}
};

/** A person's own browser window. What goes wrong in its console fails the test. */
export async function person(browser: Browser, problems: string[], locale = 'fr-MA'): Promise<Page> {
	const context = await browser.newContext({ locale, viewport: { width: 390, height: 844 } });
	const page = await context.newPage();
	page.on('pageerror', (error) => problems.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	return page;
}

export async function signIn(page: Page, email: string, phrase = password): Promise<void> {
	await page.goto('/sign-in');
	await page.locator('input[name=email]').fill(email);
	await page.locator('input[name=password]').fill(phrase);
	await page.locator('main form[method=POST] button[type=submit]').click();
	await page.waitForURL((url) => !url.pathname.includes('sign-in'));
}

interface Mail {
	Subject: string;
	Text: string;
	HTML: string;
}

/** The latest mail to an address whose subject or text matches, once it has come. */
export async function mailTo(address: string, matching: RegExp): Promise<Mail> {
	let found: Mail | undefined;
	await expect
		.poll(
			async () => {
				const list = (await (
					await fetch(`${process.env.MAIL_URL}/api/v1/search?query=${encodeURIComponent(`to:${address}`)}`)
				).json()) as { messages: { ID: string }[] };
				for (const { ID } of list.messages) {
					const mail = (await (await fetch(`${process.env.MAIL_URL}/api/v1/message/${ID}`)).json()) as Mail;
					if (matching.test(mail.Subject) || matching.test(mail.Text)) found ??= mail;
				}
				return found !== undefined;
			},
			{ timeout: 20_000 }
		)
		.toBe(true);
	return found!;
}

/** The link of a mail by which its reader goes on: the first that leads to us. */
export async function linkIn(address: string, matching: RegExp): Promise<string> {
	const { HTML } = await mailTo(address, matching);
	return /href="([^"]*\/auth\/confirm[^"]*)"/.exec(HTML)![1]!.replaceAll('&amp;', '&');
}

/** Goes on where the page that a mail's link opens asks whether to. */
export async function goOn(page: Page): Promise<void> {
	await page.waitForURL(/\/confirm\?/);
	await page.locator('main form[method=POST] button[type=submit]').click();
}

/** From the page of signing up through the mail to a name and a password, and on to where the person was going. */
export async function signUp(page: Page, name: string, email: string, phrase = password): Promise<void> {
	const submit = page.locator('main form[method=POST] button[type=submit]');
	await page.locator('input[name=email]').fill(email);
	await submit.click();
	await page.waitForURL(/check-mail/);
	await page.goto(await linkIn(email, /auth\/confirm/));
	await goOn(page);
	await page.waitForURL(/\/welcome/);
	await page.locator('input[name=full_name]').fill(name);
	await page.locator('input[name=password]').fill(phrase);
	await submit.click();
	await page.waitForURL((url) => !url.pathname.endsWith('/welcome'));
}

/** Fills the checkout page of the Stripe double. */
export async function pay(page: Page, card: string): Promise<void> {
	await page.waitForURL(/\/c\/pay\//);
	await page.locator('#number').fill(card);
	await page.locator('#expiry').fill('12/34');
	await page.locator('#cvc').fill('123');
	await page.locator('#name').fill('Test');
	await page.locator('button[type=submit]').first().click();
}

/** From a provider's page, or anywhere that offers its free times, to the checkout page. */
export async function bookFirstFreeTime(page: Page): Promise<void> {
	await page.locator('a[href*="/book/"][href*="at="]').first().click();
	await page.locator('input[name=line]').fill('3 rue des Orangers');
	await page.locator('main form[method=POST] button[type=submit]').click();
}
