import { existsSync } from 'node:fs';
import { Failure } from 'supabase-embedded';
import type { Lifetime } from './lifetime.ts';
import { runProgram } from './programs.ts';

/** Chromium as Linux distributions install it. */
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A download or an installation that takes longer than this will not come, in milliseconds. */
const limit = 300_000;

/** Path of a Chromium on this machine: the one that CHROMIUM_PATH names, the system's, or Playwright's own. */
async function findBrowser(): Promise<string | null> {
	const named = process.env.CHROMIUM_PATH;
	if (named) {
		if (!existsSync(named)) throw new Failure(`CHROMIUM_PATH names ${named}, which does not exist.`);
		return named;
	}
	const { chromium } = await import('@playwright/test');
	return [...installed, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/** The same, installed first when there is none: Debian's package when we are root, else Playwright's download. */
export async function ensureBrowser(lifetime: Lifetime): Promise<string> {
	const present = await findBrowser();
	if (present) return present;
	console.log('Installing a browser for the tests …');
	const quietly = { quiet: true, limit, environment: { DEBIAN_FRONTEND: 'noninteractive' } };
	if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
		await runProgram(lifetime, 'apt-get', ['update', '-qq'], quietly);
		await runProgram(lifetime, 'apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'chromium'], quietly);
	}
	if (!(await findBrowser())) await runProgram(lifetime, 'playwright', ['install', 'chromium'], quietly);
	lifetime.check();
	const browser = await findBrowser();
	if (!browser) {
		throw new Failure('No Chromium was found and none could be installed: install one, or name one by CHROMIUM_PATH.');
	}
	return browser;
}
