import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { person } from './people.ts';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'build/index.js');

/** A second site beside the one under test, over the same platform, which is told to show a captcha. */
let site: string;
let running: ChildProcess;

test.skip(!existsSync(built) || !process.env.SUPABASE_URL, 'needs the build and a platform of our own');

const freePort = () =>
	new Promise<number>((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});

test.beforeAll(async () => {
	const port = await freePort();
	site = `http://127.0.0.1:${port}`;
	running = spawn(
		process.execPath,
		['--disable-warning=ExperimentalWarning', '--import', join(root, 'scripts/plain-http.ts'), built],
		{
			stdio: 'ignore',
			env: {
				PATH: process.env.PATH,
				NODE_ENV: 'production',
				PROTOCOL_HEADER: 'x-forwarded-proto',
				HOST: '127.0.0.1',
				PORT: String(port),
				PUBLIC_SUPABASE_URL: process.env.SUPABASE_URL,
				PUBLIC_SUPABASE_PUBLISHABLE_KEY: process.env.SUPABASE_PUBLISHABLE_KEY,
				PUBLIC_CAPTCHA: 'turnstile:0x4AAAAAAATESTKEY'
			}
		}
	);
	await expect
		.poll(
			() =>
				fetch(`${site}/sign-in`).then(
					({ status }) => status,
					() => 0
				),
			{ timeout: 30_000 }
		)
		.toBe(200);
});
test.afterAll(() => {
	running?.kill();
});

/** Plays the company's script: whoever presses its button is a person, once. */
const double = `
	let answers = 0;
	window.turnstile = {
		render(place, options) {
			const ask = () => {
				place.innerHTML = '<button type="button">I am a person</button>';
				place.firstChild.onclick = () => options.callback(options.sitekey + ' ' + ++answers);
			};
			ask();
			this.ask = ask;
			return 'widget';
		},
		reset() { this.ask(); },
		remove() {}
	};
	window[new URL(document.currentScript.src).searchParams.get('onload')]();
`;

test('where a site key is set, forms carry one answer for each request, and the policy lets that company in alone', async ({
	browser
}) => {
	const problems: string[] = [];
	const page = await person(browser, problems);
	// one of its own, as wrong passwords are counted
	const email = `nobody.${randomUUID()}@example.com`;
	await page.route('https://challenges.cloudflare.com/**', (route) =>
		route.fulfill({ contentType: 'text/javascript', body: double })
	);
	const opened = await page.goto(`${site}/sign-in`);
	const policy = opened!.headers()['content-security-policy'];
	expect(policy).toMatch(/script-src [^;]*https:\/\/challenges\.cloudflare\.com/);
	expect(policy).toContain("frame-src 'self' https://challenges.cloudflare.com");
	expect(policy).not.toContain('hcaptcha');

	const human = page.getByRole('button', { name: 'I am a person' });
	const submit = page.locator('main form[method=POST] button[type=submit]').last();
	for (const answer of [1, 2]) {
		await human.click();
		await expect(page.locator('input[name=captcha]')).toHaveValue(`0x4AAAAAAATESTKEY ${answer}`);
		await page.locator('input[name=email]').fill(email);
		await page.locator('input[name=password]').fill('not the one');
		const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().includes('/sign-in'));
		await submit.click();
		expect((await sent).postData()).toContain(`0x4AAAAAAATESTKEY+${answer}`);
		await expect(page.getByText('Adresse e-mail ou mot de passe incorrect.').first()).toBeVisible();
		// what was answered is spent
		await expect(page.locator('input[name=captcha]')).toHaveValue('');
	}
	expect(problems.filter((problem) => !/400|422/.test(problem))).toEqual([]);
	await page.context().close();
});

test('where none is set, no form shows one and no company is let in', async ({ page }) => {
	const opened = await page.goto('/sign-in');
	expect(opened!.headers()['content-security-policy']).not.toMatch(/cloudflare|hcaptcha|frame-src/);
	await expect(page.locator('input[name=email]')).toBeVisible();
	await expect(page.locator('input[name=captcha]')).toHaveCount(0);
});
