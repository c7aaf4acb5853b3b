import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** The system's Chromium when there is one; else Playwright's own. */
const executablePath = process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

/** Tests in a real browser against the site that SITE_URL names; `npm run test:e2e` starts one for them. */
export default defineConfig({
	testDir: 'tests/e2e',
	globalSetup: './tests/e2e/setup.ts',
	outputDir: 'test-results',
	workers: 2,
	forbidOnly: Boolean(process.env.CI),
	timeout: 90_000,
	expect: { timeout: 10_000 },
	reporter: 'list',
	use: {
		baseURL: process.env.SITE_URL,
		screenshot: 'only-on-failure',
		timezoneId: 'Africa/Casablanca',
		launchOptions: {
			...(executablePath ? { executablePath } : {}),
			args: [
				'--no-sandbox',
				'--disable-quic',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				'--no-first-run'
			]
		}
	}
});
